"""What HR's pages of policies share: their blueprint, and the modules that they name."""

from datetime import date

from flask import Blueprint
from sqlalchemy import Connection

from builder.model.package import PackagedModule
from server.releases.library import newest

blueprint = Blueprint("policies", __name__, template_folder="templates")


def modules_on(connection: Connection, day: date) -> dict[str, PackagedModule]:
    """Those of the newest release published by the day, by their ids; none before the first."""
    published = newest(connection, day)
    return {module.id: module for module in published.manifest.modules} if published else {}
