"""What the question types have in common, and a question as it is asked: without its key."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import ConfigDict, Field

from builder.model.base import Citation, Explanation, Id, Model, Text, Written

Given = str | list[str] | dict[str, str]
"""An answer: a choice, choices (a set sorted by id, or a sequence), or choice → target."""

Form = Mapping[str, Sequence[str]]
"""What a form posts: every value of every field, in order."""


class NotAnAnswer(ValueError):
    """The form holds no whole answer. Nothing is marked; the page asks again and says why.

    `reason`: `nothing`, `incomplete`, `repeated` (one position or target twice) or `unknown`.
    """

    def __init__(self, reason: Literal["nothing", "incomplete", "repeated", "unknown"]) -> None:
        super().__init__(reason)
        self.reason = reason


class Choice(Written):
    """`pinned` choices keep their place when the others are shuffled."""

    model_config = ConfigDict(title="選択肢")

    id: Id
    """選択肢の id。英小文字、数字、ハイフン。`answer` がこの id で正答を示します。"""
    text: Text
    """選択肢の文。"""
    explanation: Explanation = ""
    """選んだ人への説明。なぜ選びたくなるか、選ぶとどうなるか。"""
    pinned: bool = False
    """`true` なら、選択肢の順を入れ替えるときも、この位置のままです。"""


class Target(Written):
    """What a choice of a matching question is matched with."""

    model_config = ConfigDict(title="組み合わせる相手")

    id: Id
    """相手の id。英小文字、数字、ハイフン。"""
    text: Text
    """相手の文。"""


class AskedChoice(Model):
    id: Id
    text: Text


class Asked(Model):
    """A question as it is shown before it is answered: no key, no explanations."""

    id: Id
    type: str
    text: Text
    choices: tuple[AskedChoice, ...]
    targets: tuple[Target, ...] = ()


class BaseQuestion(Written):
    """`section` is where the lesson deals with it, for the link beside the explanation."""

    id: Id
    """設問の id。一つの確認テストの中で、ほかの設問と違うものにします。公開した後は変えません。"""
    type: str
    """設問の種類。"""
    text: Text
    """問いかける文。"""
    article: Citation
    """もとになる指針の条と、指針の版（例：`jukkajo-1@1.0.0`）。"""
    section: Id | None = None
    """レッスンのどの節で扱うか。節の id を書くと、解説の横にリンクが出ます。"""

    @abstractmethod
    def all_choices(self) -> tuple[Choice, ...]:
        """In the order in which they were written."""

    def all_targets(self) -> tuple[Target, ...]:
        return ()

    @abstractmethod
    def key(self) -> Given:
        """The right answer, in the form in which `parse` returns one."""

    @abstractmethod
    def parse(self, form: Form) -> Given:
        """The answer that a form holds. Raise NotAnAnswer when it holds none or half of one."""

    @abstractmethod
    def answer_ids(self) -> tuple[str, ...]:
        """Every choice id that the written key names, known or not."""

    def is_right(self, given: Given) -> bool:
        return given == self.key()

    def asked(self, order: Sequence[str] | None = None) -> Asked:
        """`order`: choice ids, for shuffling; the written order when missing."""
        by_id = {choice.id: choice for choice in self.all_choices()}
        return Asked(
            id=self.id,
            type=self.type,
            text=self.text,
            choices=tuple(
                AskedChoice(id=by_id[choice_id].id, text=by_id[choice_id].text)
                for choice_id in (order if order is not None else by_id)
            ),
            targets=tuple(sorted(self.all_targets(), key=lambda target: target.id)),
        )


class WithChoices(BaseQuestion):
    """The types whose choices the author writes."""

    choices: tuple[Choice, ...] = Field(min_length=2)
    """選択肢。二つ以上、ふつうは三つ。"""

    def all_choices(self) -> tuple[Choice, ...]:
        return self.choices

    def known(self, choice_id: str) -> str:
        """Raise NotAnAnswer when the form names a choice that the question does not have."""
        if choice_id not in {choice.id for choice in self.all_choices()}:
            raise NotAnAnswer("unknown")
        return choice_id


def field_of(choice_id: str) -> str:
    """The form field of one choice, in the types that have a field for each."""
    return f"answer-{choice_id}"


def values_by_choice(form: Form, choices: Sequence[Choice]) -> dict[str, str]:
    """What the form holds for each choice. Raise NotAnAnswer unless it holds something for all."""
    values = {choice.id: next(iter(form.get(field_of(choice.id), ())), "") for choice in choices}
    if not any(values.values()):
        raise NotAnAnswer("nothing")
    if not all(values.values()):
        raise NotAnAnswer("incomplete")
    return values
