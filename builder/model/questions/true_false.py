"""Say whether a statement is right. The two choices are always the same, in the same order."""

from typing import Literal

from pydantic import ConfigDict

from builder.model.base import Explanation
from builder.model.questions.base import BaseQuestion, Choice, Form, NotAnAnswer


class TrueFalse(BaseQuestion):
    """`if_true` explains to those who chose 正しい, `if_false` to those who chose 誤り."""

    model_config = ConfigDict(title="正しいか誤りか")

    type: Literal["true-false"]
    answer: bool
    """文が正しければ `true`、誤りなら `false`。"""
    if_true: Explanation = ""
    """「正しい」を選んだ人への説明。"""
    if_false: Explanation = ""
    """「誤り」を選んだ人への説明。"""

    def all_choices(self) -> tuple[Choice, ...]:
        return (
            Choice(id="true", text="正しい", explanation=self.if_true, pinned=True),
            Choice(id="false", text="誤り", explanation=self.if_false, pinned=True),
        )

    def key(self) -> str:
        return "true" if self.answer else "false"

    def answer_ids(self) -> tuple[str, ...]:
        return ()

    def parse(self, form: Form) -> str:
        chosen = form.get("answer", ())
        if not chosen:
            raise NotAnAnswer("nothing")
        if chosen[0] not in ("true", "false"):
            raise NotAnAnswer("unknown")
        return chosen[0]
