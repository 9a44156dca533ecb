"""The HTML that goes to the press. Printed matter is in the language of the lessons."""

from importlib.resources import files

from builder.language import translations


def page(template: str, **values: object) -> str:
    # Only when something is printed:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from builder.press.phrases import typeset

    environment = Environment(
        loader=PackageLoader("builder.print"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations("ja"), newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= {"day": day, "paragraphs": paragraphs}
    return typeset(environment.get_template(template).render(**values))


def theme(*names: str) -> dict[str, bytes]:
    """Style sheets and marks of ours, as a page addresses them."""
    folder = files("builder.print") / "theme"
    return {f"theme/{name}": (folder / name).read_bytes() for name in names}


def paragraphs(text: str) -> list[str]:
    """Plain text has a blank line between paragraphs."""
    return [paragraph.strip() for paragraph in text.split("\n\n")]


def day(written: str) -> str:
    """2026-12-01 as 2026年12月1日."""
    year, month, day_of_month = (int(part) for part in written.split("-"))
    return f"{year}年{month}月{day_of_month}日"
