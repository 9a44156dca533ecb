"""What every type of the model shares: frozen, no unknown keys, small named strings."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class Model(BaseModel):
    """Frozen, strict about types (`"1"` is no number), and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Written(Model):
    """What authors write in the source files.

    The Japanese text under a field is for them: editors show it, and docs/source-files.md is made from it.
    Only `builder.model.schemas` reads it; pydantic would parse our own source at every start.
    """


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
"""Lower-case ASCII words joined by hyphens. Stable and never reused."""

Version = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}$")]
"""Major.minor.patch, as in `1.0.0`."""

Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
"""A calendar day in Japan, as in `2026-12-01`."""

Citation = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+@[0-9]+(\.[0-9]+){2}$")]
"""An article in a version of the guideline, as in `jukkajo-1@1.0.0`."""

SourceNumber = Annotated[str, StringConstraints(pattern=r"^S[0-9]+[a-z]?$")]
"""The number of an entry in the course's list of sources, as in `S20`."""

Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    Field(json_schema_extra={"pattern": r"\S"}),
]
"""Text for people, never empty. Plain: no markup is read in it."""

Explanation = Annotated[str, Field(json_schema_extra={"pattern": r"\S"})]
"""Text that may be empty as far as the types go; the checks ask for it."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256, in hexadecimal."""


def major(version: str) -> int:
    return int(version.split(".", 1)[0])


def version_parts(version: str) -> tuple[int, ...]:
    """In the order of versions: 1.10.0 comes after 1.9.0."""
    return tuple(map(int, version.split(".")))
