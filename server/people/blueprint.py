"""The blueprint of HR's pages of people and departments."""

from flask import Blueprint

blueprint = Blueprint("people", __name__, template_folder="templates")
