"""How what happens to people is said."""

from builder.language import N_
from server.people.alarms import Reason

ALARM_WORDS: dict[Reason, str] = {
    "leaving": N_("在籍する %(whole)s人のうち %(count)s人の配属が終わります。"),
    "moving": N_("3月15日〜4月15日ではないのに、在籍する %(whole)s人のうち %(count)s人が異動します。"),
    "shrunk": N_("名簿は %(count)s 行です。前の取り込みは %(whole)s 行でした。"),
}

KIND_WORDS = {
    "department": N_("所属の変更"),
    "posting": N_("配属"),
    "leave": N_("休職"),
    "exemption": N_("免除"),
    "policy": N_("受講方針"),
    "release": N_("コースの公開"),
    "withdrawal": N_("公開の取り下げ"),
    "correction": N_("訂正"),
    "started": N_("受講の開始"),
    "submitted": N_("受験"),
    "completion": N_("修了"),
    "confirmation": N_("変更の確認"),
}
"""Of entries."""
