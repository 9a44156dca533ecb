"""One template for each question type, for the server's forms and the deliveries alike.

`questions/<type>.html` has two macros: `ask(asked, draft, problem)` gives the fields of the form, where
`draft` is what a form posted and `problem` a sentence; `explain(question, given, order)` gives every
choice with its explanation. They need Jinja's i18n extension, and autoescaping.
"""

from jinja2 import BaseLoader, PackageLoader, PrefixLoader


def loader() -> BaseLoader:
    return PrefixLoader({"questions": PackageLoader("builder.rendering.questions", "")})
