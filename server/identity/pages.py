"""The pages of accounts and of signing in: each of the modules adds its own to the blueprint."""

from server.identity import access_log_views, confirmation, second_factor_views, views
from server.identity.blueprint import blueprint

__all__ = ["access_log_views", "blueprint", "confirmation", "second_factor_views", "views"]
