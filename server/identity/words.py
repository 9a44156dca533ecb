"""How roles, the state of an account and what is wrong with a password are said."""

from datetime import timedelta
from enum import StrEnum
from math import ceil

from builder.language import N_
from server.identity.passwords import SHORTEST, Weakness
from server.web.access import Role
from server.web.language import gettext


class AccountState(StrEnum):
    DISABLED = "disabled"
    ACTIVE = "active"
    INVITED = "invited"
    NOT_INVITED = "not-invited"


ROLE_WORDS = {
    Role.LEARNER: N_("受講者"),
    Role.HR: N_("人事担当"),
    Role.MANAGER: N_("所属長"),
    Role.AUDITOR: N_("監査担当"),
    Role.ADMINISTRATOR: N_("管理者"),
}

ACCOUNT_WORDS = {
    AccountState.DISABLED: N_("停止中"),
    AccountState.ACTIVE: N_("利用中"),
    AccountState.INVITED: N_("パスワード設定待ち"),
    AccountState.NOT_INVITED: N_("有効な案内票なし"),
}

WEAKNESS_WORDS = {
    Weakness.TOO_SHORT: N_("パスワードは%(shortest)s文字以上にしてください。"),
    Weakness.TOO_LONG: N_("パスワードが長すぎます。"),
    Weakness.COMMON: N_("よく使われるパスワードです。推測されやすいため、別のものにしてください。"),
    Weakness.LOCAL: N_("職員番号、氏名、組織名などから推測できます。別のものにしてください。"),
}


def role_word(role: Role) -> str:
    return gettext(ROLE_WORDS[role])


def account_word(state: AccountState) -> str:
    return gettext(ACCOUNT_WORDS[state])


def weakness_text(weakness: Weakness) -> str:
    return gettext(WEAKNESS_WORDS[weakness], shortest=SHORTEST)


def wait_text(wait: timedelta) -> str:
    seconds = ceil(wait.total_seconds())
    if seconds <= 60:
        return gettext(
            "続けて失敗したため、今は試せません。%(seconds)s秒たってからお試しください。", seconds=seconds
        )
    return gettext(
        "続けて失敗したため、今は試せません。%(minutes)s分たってからお試しください。",
        minutes=ceil(seconds / 60),
    )
