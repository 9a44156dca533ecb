"""The reasons of somebody's assignments as sentences, for the person and for HR alike."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import Connection

from builder.language import N_
from builder.model.package import PackagedModule
from server.record.department_history import department_history
from server.record.facts import facts_of
from server.rules.reason import Occasion, Outcome, Reason, reasons_on
from server.web.language import current_language, gettext
from server.web.words import day_text

OCCASIONS = {
    Occasion.ARRIVAL: N_("%(day)s、%(department)sに着任。"),
    Occasion.RETURN: N_("%(day)s、%(department)sに再び着任。"),
    Occasion.TRANSFER: N_("%(day)s、%(department)sへ異動。"),
    Occasion.POLICY: N_("%(day)s、受講方針が始まりました。"),
    Occasion.RELEASE: N_("%(day)s、新しく公開されました。"),
    Occasion.CHANGE: N_("%(day)s、内容が大きく変わりました。"),
    Occasion.LAPSE: N_("%(day)s、修了の有効期間が終わりました。"),
    Occasion.LEAVE: N_("%(day)sから、休職など。"),
    Occasion.EXEMPTION: N_("%(day)sから、免除。"),
}

OUTCOMES = {
    Outcome.TO_DO: N_("%(modules)s の期限は %(until)s です。"),
    Outcome.DONE: N_("%(modules)s は修了しています。"),
    Outcome.NOTHING_ADDED: N_("%(modules)s は修了済みのため、追加はありません。"),
    Outcome.DUE_KEPT: N_("%(modules)s の期限は %(until)s のままです。"),
    Outcome.AGAIN: N_("%(modules)s だけ、もう一度受けます。"),
    Outcome.EXEMPT: N_("%(modules)s は免除です。"),
}

UNTIL = {
    Outcome.AGAIN: N_("期限は %(until)s です。"),
    Outcome.EXEMPT: N_("免除は %(until)s までです。"),
}
"""What is added where the last day is known; the other sentences name theirs."""


def reason_sentences(
    connection: Connection, person_id: str, modules: Sequence[PackagedModule], day: date
) -> list[str]:
    """Oldest first; none where nothing is asked for."""
    facts = facts_of(connection, [person_id])[person_id]
    reasons = reasons_on(facts, [module.id for module in modules], day)
    paths = department_history(connection) if any(each.department for each in reasons) else None
    orders = {module.id: module.order for module in modules}
    return [
        _sentence(each, paths.path(each.department, each.day) if paths and each.department else "", orders)
        for each in reasons
    ]


def _sentence(reason: Reason, department: str, orders: dict[str, int]) -> str:
    until = day_text(reason.until) if reason.until else ""
    parts = [OCCASIONS[reason.occasion], OUTCOMES[reason.outcome]]
    if reason.until and reason.outcome in UNTIL:
        parts.append(UNTIL[reason.outcome])
    values = {
        "day": day_text(reason.day),
        "department": department,
        "modules": numbers_text([orders[module] for module in reason.modules]),
        "until": until,
    }
    space = " " if current_language() == "en" else ""
    return space.join(gettext(part) % values for part in parts)


TO = N_("〜")


def numbers_text(orders: Sequence[int]) -> str:
    """#1〜#3、#5"""
    runs = [
        [order for _, order in run]
        for _, run in groupby(enumerate(sorted(orders)), key=lambda pair: pair[1] - pair[0])
    ]
    texts = [f"#{run[0]}" if len(run) == 1 else f"#{run[0]}{gettext(TO)}#{run[-1]}" for run in runs]
    return gettext("、").join(texts)
