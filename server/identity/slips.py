"""Printed slips: for somebody who has no mail here, the way to a first password."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from server.identity.passwords import SHORTEST
from server.web.language import gettext, ngettext
from server.web.words import moment_text


@dataclass(frozen=True)
class Slip:
    name: str
    number: str
    link: str
    until: datetime

    shortest_password = SHORTEST


def activation_link(url: str, token: str) -> str:
    return f"{url}/activate/{token}"


def slips_document(slips: Iterable[Slip], organisation: str) -> str:
    """A page of its own to be printed, several slips to a sheet, none of them across two."""
    environment = Environment(
        loader=PackageLoader("server.identity"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["moment"] = moment_text
    return environment.get_template("identity/slips.html").render(slips=slips, organisation=organisation)
