"""HR's pages of policies: each module adds its own to the blueprint."""

from server.policies import policy_views
from server.policies.blueprint import blueprint

__all__ = ["blueprint", "policy_views"]
