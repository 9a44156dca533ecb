"""The learner's pages: each of the modules adds its own to the blueprint."""

from server.learning import change_views, completion_views, lesson_views, quiz_views
from server.learning.blueprint import blueprint

__all__ = ["blueprint", "change_views", "completion_views", "lesson_views", "quiz_views"]
