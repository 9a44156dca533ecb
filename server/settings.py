"""Settings: `KYOZAI_…` variables, or one TOML file (`kyozai.toml`, or the one `KYOZAI_CONFIG` names)."""

import os
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

CONFIG_FILE = "kyozai.toml"


class Settings(BaseSettings):
    """Checked when they are read; a variable wins over the file.

    `keys` is the folder of the keys that sign the record's seals, else `keys` in `data`: it has to be the
    same on every machine that serves, and lies outside the database on purpose.
    `backup_recipient` is the public key (age1…) that backups are encrypted for.
    `trusted_keys` is a folder of the public keys whose signature `kyozai publish` accepts; `unsigned` says
    what it does with a package that has none.
    With `second_approver` what HR corrects is entered when a second one of HR has agreed.
    What is older than `keep_…_years`, in fiscal years, `kyozai records retention` lists and takes away.
    `url` is where people reach the server: activation links begin with it. `secret_key` signs form
    tokens, encrypts the secrets of second factors and is made by `kyozai init`; what `secret_key_before`
    encrypted is still read. `demo` lets sample people in without a password, and works on
    this machine only. `trusted_proxies` says how many proxies before the server name the client in
    X-Forwarded-For: without it one where `url` is https, for TLS ends there, and else none.
    """

    model_config = SettingsConfigDict(env_prefix="KYOZAI_", extra="ignore", frozen=True)

    database_url: str | None = None
    data: Path = Path(".kyozai")
    keys: Path | None = None
    backup_recipient: str | None = None
    trusted_keys: Path | None = None
    unsigned: Literal["accept", "refuse"] = "accept"
    url: str = "http://127.0.0.1:8000"
    secret_key: SecretStr = Field(min_length=32)
    secret_key_before: SecretStr | None = Field(default=None, min_length=32)
    organisation: str = ""
    contact: str = ""
    session_idle_minutes: int = Field(default=30, ge=1)
    privileged_idle_minutes: int = Field(default=15, ge=1)
    confirm_minutes: int = Field(default=5, ge=1)
    second_approver: bool = False
    large_export_rows: int = Field(default=1000, ge=0)
    session_hours: int = Field(default=10, ge=1)
    activation_hours: int = Field(default=72, ge=1, le=72)
    keep_answers_years: int = Field(default=1, ge=1)
    keep_access_log_years: int = Field(default=1, ge=1)
    keep_leavers_years: int = Field(default=5, ge=1)
    demo: bool = False
    trusted_proxies: int | None = Field(default=None, ge=0)

    @field_validator("url")
    @classmethod
    def no_slash_at_the_end(cls, url: str) -> str:
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError("url must begin with http:// or https://")
        return url.rstrip("/")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_path())

    @field_validator("database_url")
    @classmethod
    def sqlite_or_postgresql(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("database_url must begin with postgresql:// or sqlite:///")
        return url

    @property
    def sqlalchemy_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data.absolute() / 'kyozai.db'}"

    @property
    def key_folder(self) -> Path:
        return self.keys or self.data / "keys"

    @property
    def is_https(self) -> bool:
        return self.url.startswith("https://")

    @property
    def proxies(self) -> int:
        return int(self.is_https) if self.trusted_proxies is None else self.trusted_proxies


def config_path() -> Path:
    return Path(os.environ.get("KYOZAI_CONFIG", CONFIG_FILE))
