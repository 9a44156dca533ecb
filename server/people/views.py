"""HR's pages of staff lists and departments: each of the modules adds its own to the blueprint."""

from server.people import organisation_views, roster_views
from server.people.blueprint import blueprint

__all__ = ["blueprint", "organisation_views", "roster_views"]
