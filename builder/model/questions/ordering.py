"""Put the choices in order. `answer` names all of them, first to last."""

from typing import Literal

from pydantic import ConfigDict, Field

from builder.model.base import Id
from builder.model.questions.base import Form, NotAnAnswer, WithChoices, values_by_choice


class Ordering(WithChoices):
    model_config = ConfigDict(title="順に並べる")

    type: Literal["ordering"]
    answer: tuple[Id, ...] = Field(min_length=2)
    """すべての選択肢の id を、最初から最後の順に並べます（例：`[c, a, b]`）。"""

    def key(self) -> list[str]:
        return list(self.answer)

    def answer_ids(self) -> tuple[str, ...]:
        return self.answer

    def parse(self, form: Form) -> list[str]:
        """The form gives each choice its position, counted from 1."""
        positions = values_by_choice(form, self.choices)
        allowed = {str(position) for position in range(1, len(self.choices) + 1)}
        if not set(positions.values()) <= allowed:
            raise NotAnAnswer("unknown")
        if len(set(positions.values())) < len(positions):
            raise NotAnAnswer("repeated")
        return sorted(positions, key=lambda choice_id: int(positions[choice_id]))
