"""How the access log is said. What has no word here is shown as it was written."""

from builder.language import N_
from server.identity.words import ROLE_WORDS
from server.rules.state import State
from server.web.access import Role
from server.web.language import gettext
from server.web.words import STATE_WORDS

ACCESS_WORDS = {
    "access-log-seen": N_("アクセス記録を見た"),
    "account-created": N_("アカウントを作った"),
    "account-disabled": N_("利用を停止した"),
    "account-enabled": N_("利用を再開した"),
    "account-removed": N_("アカウントを消した"),
    "closed-report-exported": N_("締めたレポートを書き出した"),
    "deputy-named": N_("代理を決めた"),
    "identity-confirmed": N_("本人の確認をした"),
    "password-set": N_("パスワードを決めた"),
    "person-exported": N_("職員について保管されているものを書き出した"),
    "person-seen": N_("職員のページを見た"),
    "records-exported": N_("修了の記録を書き出した"),
    "recovery-code-used": N_("予備のコードを使った"),
    "recovery-codes-renewed": N_("予備のコードを作り直した"),
    "report-closed": N_("レポートを締めた"),
    "report-exported": N_("報告を書き出した"),
    "retention-applied": N_("保存の期間が過ぎたものを消した"),
    "revisions-compared": N_("記録の変わったことを見た"),
    "role-granted": N_("役割を与えた"),
    "role-revoked": N_("役割を外した"),
    "roster-imported": N_("名簿を取り込んだ"),
    "roster-undone": N_("名簿の取り込みを取り消した"),
    "second-factor-enrolled": N_("認証アプリを登録した"),
    "second-factor-given": N_("確認コードを入力した"),
    "second-factor-refused": N_("確認コードが違った"),
    "second-factor-reset": N_("確認コードの登録を消した"),
    "section-seen": N_("所属の一覧を見た"),
    "sign-in-refused": N_("ログインに失敗した"),
    "signed-in": N_("ログインした"),
    "slip-issued": N_("案内票を出した"),
}

DETAIL_WORDS = {
    "account": N_("機械の利用者"),
    "added": N_("追加"),
    "address": N_("接続元"),
    "day": N_("日"),
    "department": N_("所属"),
    "departments": N_("所属"),
    "earlier": N_("前の改訂番号"),
    "ended": N_("終わり"),
    "format": N_("ファイルの形"),
    "import_id": N_("取り込みの番号"),
    "later": N_("後の改訂番号"),
    "page": N_("ページ"),
    "report": N_("報告"),
    "role": N_("役割"),
    "roles": N_("役割"),
    "searched": N_("言葉で探した"),
    "states": N_("受講状態"),
    "transferred": N_("異動"),
}


def access_word(action: str) -> str:
    return gettext(ACCESS_WORDS[action]) if action in ACCESS_WORDS else action


def access_details(details: dict[str, object]) -> str:
    """What is known besides: the person has a column."""
    known = [(name, value) for name, value in details.items() if name != "person" and value not in (None, [])]
    return gettext("、").join(_detail(name, value) for name, value in known)


def _detail(name: str, value: object) -> str:
    word = gettext(DETAIL_WORDS[name]) if name in DETAIL_WORDS else name
    if value is True:
        return word
    values = value if isinstance(value, list) else [value]
    return f"{word}{gettext('：')}{gettext('・').join(_value(name, str(each)) for each in values)}"


def _value(name: str, value: str) -> str:
    if name in ("role", "roles") and value in set(Role):
        return gettext(ROLE_WORDS[Role(value)])
    return gettext(STATE_WORDS[State(value)]) if name == "states" else value
