"""The learner's pages: each of the modules adds its own to the blueprint."""

from server.learning import completion_views, lesson_views, quiz_views
from server.learning.blueprint import blueprint

__all__ = ["blueprint", "completion_views", "lesson_views", "quiz_views"]
