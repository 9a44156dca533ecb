"""What HR's pages of policies share: their blueprint."""

from flask import Blueprint

blueprint = Blueprint("policies", __name__, template_folder="templates")
