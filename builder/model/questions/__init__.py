"""The question types. A new type is a file here, its template beside the others, and a line below."""

from typing import Annotated

from pydantic import Field

from builder.model.questions.base import Asked, Choice, Given, NotAnAnswer, Target
from builder.model.questions.matching import Matching
from builder.model.questions.multiple import Multiple
from builder.model.questions.ordering import Ordering
from builder.model.questions.single import Single
from builder.model.questions.true_false import TrueFalse

QUESTION_TYPES = (Single, Multiple, TrueFalse, Ordering, Matching)

Question = Annotated[Single | Multiple | TrueFalse | Ordering | Matching, Field(discriminator="type")]
"""A question with its key. Only `Question.asked()` may reach a page before the answer is given."""

__all__ = ["QUESTION_TYPES", "Asked", "Choice", "Given", "NotAnAnswer", "Question", "Target"]
