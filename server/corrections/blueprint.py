"""What HR's pages of corrections share."""

from flask import Blueprint

blueprint = Blueprint("corrections", __name__, template_folder="templates")
