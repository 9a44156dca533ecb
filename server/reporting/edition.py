"""What a file of records is of: it has to be explained a year later."""

from dataclasses import dataclass
from datetime import date

from server.record.seals import Seal
from server.reporting.filters import Filter, state_text
from server.rules.rates import DEFINITIONS


@dataclass(frozen=True)
class Edition:
    """`seal`: that of the records revision at which everything in the file was known."""

    asked: Filter
    seal: Seal

    @property
    def day(self) -> date:
        return self.asked.day

    @property
    def definitions(self) -> int:
        return DEFINITIONS

    @property
    def filters(self) -> str:
        """Empty where everybody is in it. Words that were searched for stay out: they may be names."""
        asked = self.asked
        parts = [
            f"所属={asked.department.code}" if asked.department else "",
            f"状態={state_text(*asked.states)}" if asked.states else "",
            "言葉で検索" if asked.search else "",
        ]
        return " ".join(part for part in parts if part)
