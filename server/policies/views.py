"""HR's pages of policies, exemptions and training: each of the modules adds its own to the blueprint."""

from server.policies import person_views, policy_views
from server.policies.blueprint import blueprint

__all__ = ["blueprint", "person_views", "policy_views"]
