"""Every figure is there, says in words what it shows, and only draws."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import unquote

from builder.checks.places import place_in
from builder.language import N_
from builder.markdown import inner_tokens, parse
from builder.model.problem import Kind, Place, Problem
from builder.rendering.figures import inspect_figure
from builder.rendering.sections import lone_image
from builder.sources import Sources
from builder.sources.files import Unusable, read_text
from builder.sources.lessons import LessonText

NO_ALTERNATIVE = Kind(
    "figure-alt-missing",
    "error",
    N_("図「%(given)s」に代替テキストがありません。"),
    N_("![ ] の中に、図が伝えることを文で書きます。"),
)
ADDRESS = Kind(
    "figure-address",
    "error",
    N_("図「%(given)s」は使えません。"),
    N_("figures フォルダに SVG ファイルを置き、figures/名前.svg と書きます。名前は半角の英数字です。"),
)
MISSING = Kind(
    "figure-missing",
    "error",
    N_("図のファイル「%(given)s」がありません。"),
    N_("figures フォルダにファイルを置くか、名前を直します。"),
)
NAME_CASE = Kind(
    "figure-name-case",
    "error",
    N_("図のファイル「%(given)s」は、名前の大文字と小文字が違います。"),
    N_("ファイルの名前のとおりに書きます。違っていても見える機械があり、公開した先では見えません。"),
)
NOT_ALONE = Kind(
    "figure-not-alone",
    "error",
    N_("図「%(given)s」が文の途中にあります。"),
    N_("図は前後に空の行を入れ、一つの段落に単独で置きます。"),
    lowerable=True,
)
FIGURE = re.compile(r"figures/[A-Za-z0-9][A-Za-z0-9._-]*\.svg")


def check(sources: Sources) -> Iterator[Problem]:
    for lesson in sources.lessons:
        shown: set[str] = set()
        for href, alternative, is_alone, place in figures(lesson):
            yield from written_problems(href, alternative, is_alone, place)
            yield from address_problems(sources.root, lesson, href, place)
            shown.add(href)
        for href in sorted(filter(FIGURE.fullmatch, shown)):
            yield from drawn_problems(sources.root, f"{lesson.folder}/{href}")


def figures(lesson: LessonText) -> Iterator[tuple[str, str, bool, Place]]:
    """Address, alternative text, whether it stands alone, and place."""
    for section in lesson.sections:
        if "![" not in section.markdown:
            continue
        tokens = parse(section.markdown)
        alone = [lone_image(tokens[i : i + 3]) for i in range(len(tokens))]
        for block, image in inner_tokens(section.markdown, "image"):
            href = str(image.attrGet("src"))
            is_alone = any(image is other for other in alone)
            yield href, image.content.strip(), is_alone, place_in(lesson, section, block, href)


def written_problems(href: str, alternative: str, is_alone: bool, place: Place) -> Iterator[Problem]:
    if not alternative:
        yield Problem(NO_ALTERNATIVE, place, {"given": unquote(href)})
    if not is_alone:
        yield Problem(NOT_ALONE, place, {"given": unquote(href)})


def address_problems(root: Path, lesson: LessonText, href: str, place: Place) -> Iterator[Problem]:
    # By the folder's listing: some systems would find a name that differs in case.
    files = [path for path in (root / lesson.folder / "figures").glob("*") if path.exists()]
    present = sorted(filter(FIGURE.fullmatch, (f"figures/{path.name}" for path in files)))
    same = [name for name in present if name.lower() == unquote(href).lower()]
    if href not in present and same:
        yield Problem(NAME_CASE, place, {"given": unquote(href), "meant": same[0]})
    elif href not in present:
        kind = MISSING if FIGURE.fullmatch(href) else ADDRESS
        yield Problem(kind, place, {"given": unquote(href), "meant": probable(unquote(href), present)})


def probable(given: str, present: list[str]) -> str | None:
    """By the names alone: all of them have the same folder."""
    names = [name.removeprefix("figures/") for name in present]
    meant = get_close_matches(given.rpartition("/")[2], names, n=1)
    return f"figures/{meant[0]}" if meant else None


def drawn_problems(root: Path, path: str) -> Iterator[Problem]:
    if not (root / path).exists():
        return
    try:
        text = read_text(root, path)
    except Unusable as unusable:
        yield unusable.problem
        return
    yield from inspect_figure(text.encode(), path).problems
