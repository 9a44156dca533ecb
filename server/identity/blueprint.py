"""What the pages of accounts and of signing in share: their blueprint, and the settings."""

from flask import Blueprint, current_app

from server.settings import Settings

blueprint = Blueprint("identity", __name__, template_folder="templates")


def settings() -> Settings:
    found = current_app.config["KYOZAI"]
    assert isinstance(found, Settings)
    return found
