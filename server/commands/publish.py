"""`kyozai publish PACKAGE`"""

from pathlib import Path

import click

from builder.language import N_
from server.commands.environment import open_database, say, say_problems
from server.releases.publish import PublishRefused, publish
from server.storage.engine import writing
from server.web import clock


@click.command()
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(package: Path) -> None:
    """Publish a course package: from then on new attempts are of its release."""
    engine = open_database()
    try:
        with writing(engine) as connection:
            manifest = publish(
                connection, package.read_bytes(), name=package.name, at=clock.now(), actor="kyozai publish"
            )
    except PublishRefused as refused:
        say_problems(refused.problems)
        raise SystemExit(1) from refused
    modules = "、".join(f"#{module.order} {module.title} {module.version}" for module in manifest.modules)
    say(N_("版 %(release)s を公開しました：%(modules)s"), release=manifest.release, modules=modules)
