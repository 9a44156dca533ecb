"""`kyozai publish [--dry-run] PACKAGE`"""

from pathlib import Path

import click
from sqlalchemy import Engine

from builder.language import N_
from builder.signature import is_signed, signature_problem
from server.commands.effects import say_effects
from server.commands.environment import alone_or_stop, load_settings, open_database, say, say_problems
from server.releases.effect import effect_of_release
from server.releases.publish import PublishRefused, publish, publishable
from server.settings import Settings
from server.storage.engine import reading, writing
from server.web import clock

ACTOR = "kyozai publish"


@click.command()
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say whom it would touch, per bureau.")
def command(package: Path, dry_run: bool) -> None:
    """Publish a course package: from then on new attempts are of its release."""
    settings = load_settings()
    engine = open_database(settings)
    try:
        refuse_unsigned(package, settings)
        (show if dry_run else make_public)(engine, package)
    except PublishRefused as refused:
        say_problems(refused.problems)
        raise SystemExit(1) from refused


def refuse_unsigned(package: Path, settings: Settings) -> None:
    """Raise PublishRefused where the settings name whom to trust, and none of them signed it."""
    if settings.trusted_keys is None or (settings.unsigned == "accept" and not is_signed(package)):
        return
    problem = signature_problem(package, settings.trusted_keys)
    if problem:
        raise PublishRefused([problem])


def show(engine: Engine, package: Path) -> None:
    with reading(engine) as connection:
        manifest = publishable(connection, package.read_bytes(), name=package.name)
        effects = effect_of_release(connection, manifest, clock.today())
    say(
        N_("版 %(release)s を今日公開すると、次のようになります。まだ何も変えていません。"),
        release=manifest.release,
    )
    say_effects(effects)


def make_public(engine: Engine, package: Path) -> None:
    with alone_or_stop(engine, ACTOR), writing(engine) as connection:
        manifest = publish(connection, package.read_bytes(), name=package.name, at=clock.now(), actor=ACTOR)
    modules = "、".join(f"#{module.order} {module.title} {module.version}" for module in manifest.modules)
    say(N_("版 %(release)s を公開しました：%(modules)s"), release=manifest.release, modules=modules)
