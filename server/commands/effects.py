"""Whom a release would touch, in words."""

from collections.abc import Sequence

import click

from builder.language import N_
from builder.releases import Level
from server.commands.environment import say, translated
from server.releases.effect import ModuleEffect, PerBureau
from server.web.words import STATE_WORDS

LEVELS = {
    Level.NONE: N_("版は上がりません"),
    Level.PATCH: N_("patch（受講者は何もしません）"),
    Level.MINOR: N_("minor（修了した人に示して確認を頼みます）"),
    Level.MAJOR: N_("major（このモジュールだけ、もう一度修了します）"),
}
NEW, GONE = N_("新しいモジュール"), N_("なくなるモジュール")


def say_effects(effects: Sequence[ModuleEffect]) -> None:
    if not effects:
        say(N_("モジュールに変更はありません。"))
    for effect in effects:
        click.echo(heading(effect))
        for before, after, bureaus in effect.moves:
            moved = f"{translated(STATE_WORDS[before])} → {translated(STATE_WORDS[after])}"
            click.echo(f"  {moved}  {people(bureaus)}")
        if effect.told:
            say(N_("  修了のまま、変わった所の確認を頼む  %(people)s"), people=people(effect.told))
        if not (effect.moves or effect.told):
            say(N_("  受講状態が変わる人はいません"))


def heading(effect: ModuleEffect) -> str:
    change, module = effect.change, effect.change.module
    if change.before and change.after:
        versions = f"{change.before.version} → {change.after.version}"
        return f"#{module.order} {module.title}  {versions}  {translated(LEVELS[change.declared])}"
    return f"#{module.order} {module.title}  {translated(NEW if change.after else GONE)}"


def people(bureaus: PerBureau) -> str:
    """The whole, then each bureau."""
    whole = translated(N_("%(count)s人"), count=sum(count for _, count in bureaus))
    parts = translated(N_("、")).join(f"{name} {count}" for name, count in bureaus)
    return translated(N_("%(whole)s（%(parts)s）"), whole=whole, parts=parts)
