"""docs/permissions.md, written from the table of permissions and the routes of the application."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from werkzeug.routing import Rule

from server.identity.words import ROLE_WORDS
from server.web.access import PERMISSIONS, Action, Field, Role
from tests.builders.site import Site

PAGE = Path(__file__).parent.parent / "docs" / "permissions.md"

HEAD = """\
# だれが何を開けるか（権限の表）

Who may open what, and which fields each role sees. Written from the program's one table
(`server/web/permissions.py`) by `make docs`; a test visits every address as every role and as nobody.

- 役割は、受講者・人事担当・所属長・監査担当・管理者です。一人がいくつ持ってもかまいません。
- 所属長は、その日に所属の長である人と、その代理です（与えるものではありません）。
- 監査担当は見るだけです。記録、報告、書き出し、受講方針、取り込みの一覧、アクセス記録を見て、何も変えません。
- 人事担当、監査担当、管理者の権利は、認証アプリの確認コードを入力してから働きます
  （[signing-in.md](signing-in.md)）。
- 表にない住所はありません。権限のない人には、中身の代わりに「権限がありません」と答えます。
- 受講者の住所は、本人の受験と修了だけを開きます。他人の住所を打っても「見つかりません」と答えます。
- 人事担当と監査担当に見えるのは、修了した日と版だけです。得点と回答は、本人のほかだれにも見えません。
- 所属長に見えるのは、自分の所属の受講状態と期限です。ほかの所属の人数と率は見えません。
- 人事担当が案内票を出せるのは、受講者だけの役割の人に限ります。ほかの人の案内票は、管理者だけが出せます。
- 管理者は何人いてもかまいません。最後の管理者は、自分を外せません。
- 「確認」は、5分以内にパスワードかコードを入力した人だけができることです（時間は設定 `confirm_minutes`）。
- `/certificates` は、修了証の番号を知っている人なら誰でも確かめられます。氏名と所属は出ません。
- `/enter-as` は、見本を動かしているこのパソコンの中だけで働き、ほかでは断ります。
"""

FIELD_WORDS = {
    Field.NUMBER: "職員番号",
    Field.NAME: "氏名",
    Field.READING: "フリガナ",
    Field.DEPARTMENT: "所属（今、当時、兼務）",
    Field.POSTINGS: "配属と休職の履歴",
    Field.STATE: "受講状態",
    Field.DUE: "期限",
    Field.VERSION: "修了した版",
    Field.COMPLETED: "修了した日時",
    Field.EVIDENCE: "修了の根拠",
    Field.EXEMPTION: "免除とその理由",
    Field.COUNTS: "人数と率",
    Field.POLICY: "受講方針",
    Field.IMPORT: "名簿の取り込みの一覧",
    Field.ACCOUNT: "役割とアカウントの状態",
    Field.ACCESS: "アクセス記録",
    Field.CERTIFICATE: "修了証の番号",
    Field.SCORE: "得点",
    Field.ANSWERS: "回答",
}
ACTION_WORDS = {
    Action.LEARN: "学ぶ（本人の分だけ）",
    Action.SEE_RECORDS: "記録と報告を見る",
    Action.SEE_SECTION: "自分の所属を見る",
    Action.SEE_IMPORTS: "取り込みの一覧を見る",
    Action.SEE_POLICIES: "受講方針を見る",
    Action.SEE_ACCESS_LOG: "アクセス記録を見る",
    Action.EXPORT_RECORDS: "書き出す",
    Action.CLOSE_REPORTS: "レポートを締める",
    Action.CORRECT_RECORDS: "訂正する（修了、集合研修、記録の統合）",
    Action.IMPORT_ROSTER: "名簿を取り込む",
    Action.MANAGE_DEPARTMENTS: "所属の名前、上位、統合を変える",
    Action.SET_POLICIES: "受講方針、免除、集合研修を決める",
    Action.NAME_DEPUTIES: "代理を決める",
    Action.ISSUE_SLIPS: "案内票を出す",
    Action.MANAGE_ACCOUNTS: "役割と利用を決める",
}


def page(app: Flask) -> str:
    parts = [HEAD, "## 役割と操作、見える項目\n", *fields(), "", "## 住所\n"]
    parts += ["| 方法 | 住所 | だれが | 確認 |", "|---|---|---|---|"]
    parts += [route(app, rule, method) for rule, method in visits(app)]
    return "\n".join(parts) + "\n"


def fields() -> Iterator[str]:
    """A line for each action and each set of fields that somebody sees by it."""
    yield from ("| 操作 | だれが | 見える項目 |", "|---|---|---|")
    for action, roles in PERMISSIONS.items():
        for shown in dict.fromkeys(roles.values()):
            who = [role for role in Role if roles.get(role) == shown]
            names = _named(who, ROLE_WORDS), _named(sorted_fields(shown), FIELD_WORDS)
            yield f"| {ACTION_WORDS[action]} | {' | '.join(names)} |"


def sorted_fields(shown: frozenset[Field]) -> list[Field]:
    return [field for field in Field if field in shown]


def route(app: Flask, rule: Rule, method: str) -> str:
    view = app.view_functions[rule.endpoint]
    confirmed = "要る" if getattr(view, "fresh", False) else ""
    return f"| {method} | `{rule.rule}` | {who_may(action_of(app, rule))} | {confirmed} |"


def visits(app: Flask) -> list[tuple[Rule, str]]:
    """Every route with every method that it answers."""
    answered = [(rule, method) for rule in app.url_map.iter_rules() for method in rule.methods or ()]
    return sorted(
        ((rule, method) for rule, method in answered if method not in ("HEAD", "OPTIONS")),
        key=lambda visit: (visit[0].rule, visit[1]),
    )


def action_of(app: Flask, rule: Rule) -> Action:
    action = getattr(app.view_functions[rule.endpoint], "action", None)
    assert isinstance(action, Action), f"{rule.rule} names no action"
    return action


def who_may(action: Action) -> str:
    if action is Action.PUBLIC:
        return "だれでも（ログイン不要）"
    if action is Action.SIGNED_IN:
        return "ログインした人"
    return _named([role for role in Role if role in PERMISSIONS[action]], ROLE_WORDS)


def _named(things: list[Role] | list[Field], words: Mapping[Role, str] | Mapping[Field, str]) -> str:
    return "、".join(words[thing] for thing in things)  # type: ignore[index]


def main() -> None:
    with TemporaryDirectory() as folder:
        site = Site(Path(folder))
        PAGE.write_text(page(site.app), "utf-8")
        site.close()


if __name__ == "__main__":
    main()
