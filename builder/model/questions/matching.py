"""Match every choice with a target. A target may be right for several choices or for none."""

from typing import Literal

from pydantic import ConfigDict, Field

from builder.model.base import Id
from builder.model.questions.base import Form, NotAnAnswer, Target, WithChoices, values_by_choice


class Matching(WithChoices):
    model_config = ConfigDict(title="組み合わせる")

    type: Literal["matching"]
    targets: tuple[Target, ...] = Field(min_length=2)
    """組み合わせる相手。余りがあってもかまいません。"""
    answer: dict[Id, Id]
    """選択肢の id と、その相手の id の組（例：`{a: x, b: y}`）。"""

    def all_targets(self) -> tuple[Target, ...]:
        return self.targets

    def key(self) -> dict[str, str]:
        return dict(self.answer)

    def answer_ids(self) -> tuple[str, ...]:
        return tuple(self.answer)

    def parse(self, form: Form) -> dict[str, str]:
        """The form gives each choice the id of its target."""
        matches = values_by_choice(form, self.choices)
        if not set(matches.values()) <= {target.id for target in self.targets}:
            raise NotAnAnswer("unknown")
        return matches
