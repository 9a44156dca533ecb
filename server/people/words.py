"""How what happens to people is said."""

from builder.language import N_
from server.people.alarms import Reason

ALARM_WORDS: dict[Reason, str] = {
    "leaving": N_("在籍する %(whole)s人のうち %(count)s人の配属が終わります。"),
    "moving": N_("3月15日〜4月15日ではないのに、在籍する %(whole)s人のうち %(count)s人が異動します。"),
    "shrunk": N_("名簿は %(count)s 行です。前の取り込みは %(whole)s 行でした。"),
}
