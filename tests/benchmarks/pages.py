"""`kyozai build` as it is, but for the press and the deliveries: a full build of pages.

`python -m tests.benchmarks.pages --course COURSE`
"""

from typing import Any, cast

from builder.commands import build

whole = build.build


def without_press(*arguments: Any) -> dict[str, int]:
    from builder import making

    making.print_pdf = lambda name, rendered: b"%PDF-1.7 not printed\n"
    making.make_deliveries = lambda *_: {}
    return whole(*arguments)


if __name__ == "__main__":
    build.build = cast(Any, without_press)
    build.command()
