"""HR's pages that correct what was entered: each module adds its own to the blueprint."""

from server.corrections import completion_views, merger_views, person_views, proposal_views, training_views
from server.corrections.blueprint import blueprint

__all__ = [
    "blueprint",
    "completion_views",
    "merger_views",
    "person_views",
    "proposal_views",
    "training_views",
]
