"""What HR's pages of policies share."""

from flask import Blueprint

blueprint = Blueprint("policies", __name__, template_folder="templates")
