"""The one gate for HTML: what is not on these lists vanishes."""

import re
from functools import cache

import nh3

AUTHORS = {
    "a": {"href"},
    "blockquote": set(),
    "br": set(),
    "caption": set(),
    "code": set(),
    "em": set(),
    "figcaption": set(),
    "figure": set(),
    "h3": set(),
    "h4": set(),
    "hr": set(),
    "img": {"src", "alt", "width", "height"},
    "li": set(),
    "ol": {"start"},
    "p": set(),
    "pre": set(),
    "strong": set(),
    "sub": set(),
    "sup": set(),
    "table": set(),
    "tbody": set(),
    "td": set(),
    "th": {"scope"},
    "thead": set(),
    "tr": set(),
    "ul": set(),
}
"""What authors may write, by Markdown or as HTML. No classes and no ids: those are ours."""

OURS = AUTHORS | {"h2": set(), "p": {"data-basis"}}
"""What a section consists of when the renderer has added its heading and labels."""

OUR_CLASSES = {"p": {"basis", "writing-line"}}

SCHEMES = {"https"}

ADDRESSES = {
    ("a", "href"): re.compile(
        r"https://.*|#[a-zA-Z0-9-]*|(\.\./)+([a-z0-9/-]+/ja\.html(#[a-z0-9-]+)?|glossary)"
    ),
    ("img", "src"): re.compile(r"(\.\./)+assets/[a-z0-9-]+/[A-Za-z0-9][A-Za-z0-9._-]*"),
}
"""Links lead to our own pages or out by https; an image comes from the package and from nowhere else."""


def clean(html: str) -> str:
    """What authors wrote, without anything that could act or reach out.

    Cleaned until it stays: HTML in odd places can read differently once it was written out.
    """
    cleaned = clean_once(html)
    while (again := clean_once(cleaned)) != cleaned:
        cleaned = again
    return cleaned


def clean_once(html: str) -> str:
    cleaned: str = authors_cleaner().clean(html)
    return cleaned


def is_clean_section(html: str) -> bool:
    """Whether a section of a package is one that our renderer could have made."""
    return bool(our_cleaner().clean(html) == html)


@cache
def authors_cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(AUTHORS),
        attributes=attributes(AUTHORS),
        attribute_filter=known_address,
        url_schemes=SCHEMES,
        link_rel=None,
    )


@cache
def our_cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(OURS),
        attributes=attributes(OURS),
        attribute_filter=known_address,
        allowed_classes=OUR_CLASSES,
        url_schemes=SCHEMES,
        link_rel=None,
    )


def known_address(tag: str, attribute: str, value: str) -> str | None:
    allowed = ADDRESSES.get((tag, attribute))
    return value if allowed is None or allowed.fullmatch(value) else None


def attributes(tags: dict[str, set[str]]) -> dict[str, set[str]]:
    return {tag: names for tag, names in tags.items() if names}
