"""The one gate for HTML: what is not on these lists vanishes."""

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


def clean(html: str) -> str:
    """What authors wrote, without anything that could act or reach out."""
    return nh3.clean(
        html, tags=set(AUTHORS), attributes=attributes(AUTHORS), url_schemes=SCHEMES, link_rel=None
    )


def is_clean_section(html: str) -> bool:
    """Whether a section of a package is one that our renderer could have made."""
    cleaned = nh3.clean(
        html,
        tags=set(OURS),
        attributes=attributes(OURS),
        allowed_classes=OUR_CLASSES,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    return cleaned == html


def attributes(tags: dict[str, set[str]]) -> dict[str, set[str]]:
    return {tag: names for tag, names in tags.items() if names}
