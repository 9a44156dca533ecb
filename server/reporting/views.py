"""HR's pages: each of the modules adds its own to the blueprint."""

from server.reporting import closed_views, people_views, report_views, section_views
from server.reporting.blueprint import blueprint

__all__ = ["blueprint", "closed_views", "people_views", "report_views", "section_views"]
