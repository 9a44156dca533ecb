"""One template for each question type, for the server's forms and the deliveries alike.

`questions/<type>.html` has two macros: `ask(asked, draft, problem)` gives the fields of the form, where
`draft` is what a form posted and `problem` a sentence; `explain(question, given, order)` gives every
choice with its explanation, and without `given` (None) the right answer alone. They need Jinja's i18n
extension, and autoescaping.

`<type>.js`, where there is one, makes the fields easier to use; the form works without it.
"""

from importlib.resources import files

from jinja2 import BaseLoader, PackageLoader, PrefixLoader


def loader() -> BaseLoader:
    return PrefixLoader({"questions": PackageLoader("builder.rendering.questions", "")})


SCRIPTS = {
    file.name: file.read_bytes()
    for file in (files("builder") / "rendering" / "questions").iterdir()
    if file.name.endswith(".js")
}
"""File name → what it says."""
