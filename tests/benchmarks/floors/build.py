"""The least that makes such pages: read, mark up, fill in, write, list. Nothing is checked.

`python build.py COURSE OUTPUT`
"""

import hashlib
import json
import sys
from pathlib import Path

import yaml
from jinja2 import Environment
from markdown_it import MarkdownIt

PAGE = """\
<!doctype html>
<html lang="ja">
<title>{{ header.title }}</title>
<h1>{{ header.title }}</h1>
{{ html | safe }}
{% for objective in quiz.objectives %}{% for question in objective.questions %}
<fieldset><legend>{{ question.text }}</legend>
{% for choice in question.choices %}<p id="{{ choice.id }}">{{ choice.text }}: {{ choice.explanation }}</p>
{% endfor %}</fieldset>
{% endfor %}{% endfor %}
"""


def build(root: Path, output: Path) -> None:
    page = Environment(autoescape=True).from_string(PAGE)
    markdown = MarkdownIt("commonmark").enable("table")
    manifest = {}
    for lesson in sorted(root.glob("modules/*/lesson.md")):
        module = lesson.parent.name
        _, header, text = lesson.read_text("utf-8").split("---\n", 2)
        quiz = (root / "quizzes" / f"{module}.yaml").read_text("utf-8")
        html = page.render(
            header=yaml.load(header, yaml.CSafeLoader),
            html=markdown.render(text),
            quiz=yaml.load(quiz, yaml.CSafeLoader),
        ).encode()
        (output / f"{module}.html").write_bytes(html)
        manifest[module] = hashlib.sha256(html).hexdigest()
    (output / "manifest.json").write_text(json.dumps(manifest), "utf-8")


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
