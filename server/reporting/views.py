"""HR's pages: each of the modules adds its own to the blueprint."""

from server.reporting import people_views, report_views, section_views
from server.reporting.blueprint import blueprint

__all__ = ["blueprint", "people_views", "report_views", "section_views"]
