"""HR's pages of policies and of what is entered of one person: each module adds its own to the blueprint."""

from server.policies import correction_views, person_views, policy_views
from server.policies.blueprint import blueprint

__all__ = ["blueprint", "correction_views", "person_views", "policy_views"]
