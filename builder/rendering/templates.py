"""Where a room of builder finds its pages' templates, and those of the questions beside them."""

from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from builder.language import Language, translations
from builder.rendering import questions


@cache
def environment(room: str, language: Language) -> Environment:
    """`room`: the package whose folder `templates` holds the pages, as `builder.preview`."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader(room), questions.loader()]),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["question_scripts"] = questions.SCRIPTS
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    return made
