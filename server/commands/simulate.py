"""`kyozai simulate`"""

import time
from pathlib import Path

import click
from sqlalchemy import func, select

from builder.language import N_
from server.commands.demo import find_package
from server.commands.environment import complain, load_settings, open_database, say, translated
from server.storage import tables
from server.storage.engine import reading
from server.web import clock


@click.command()
@click.option("--people", type=click.IntRange(1, 1_000_000), default=10_000, show_default=True)
@click.option("--years", type=click.IntRange(1, 30), default=5, show_default=True)
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed, the same organisation.")
@click.option(
    "--package",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The course package. Default: the one in dist/.",
)
def command(people: int, years: int, seed: int, package: Path | None) -> None:
    """Fill an empty database with an invented organisation, for measuring."""
    from server.demo.simulation import Size, simulate

    engine = open_database(load_settings())
    with reading(engine) as connection:
        if connection.scalar(select(func.count()).select_from(tables.posting)):
            complain(N_("このデータベースには、もう配属があります。空のデータベースで行ってください。"))
            raise SystemExit(1)
    data, began = find_package(package).read_bytes(), time.monotonic()
    with click.progressbar(length=people, label=translated(N_("作成中"))) as bar:
        rows = simulate(engine, data, Size(people, years, seed), clock.today(), bar.update)
    took = time.monotonic() - began
    say(
        N_("職員 %(people)s人、%(rows)s 行を %(seconds).0f 秒で書きました（毎秒 %(rate).0f 行）。"),
        people=people,
        rows=rows,
        seconds=took,
        rate=rows / took,
    )
