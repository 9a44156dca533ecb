"""Golden cases as Markdown: a title, what is changed in the small course, what people read then.

A case is a heading of level two with fenced blocks: `change` (one or more), `ja` and `en`. A change is a
path, then lines that begin with `-` and are taken out, and lines that begin with `+` and are put in their
place. With no `-` lines the file is written anew; `(removed)` takes it away, `(as shift_jis)` keeps its
text and changes its encoding, `(of 9 bytes)` fills it with spaces, `(bytes 00 ff)` gives its bytes,
`(link to /elsewhere)` makes it a symbolic link;
`(another course)` with `60 modules` is a large one; `␇` stands for a control character.

To write what people read anew: `KYOZAI_REWRITE=1 pytest tests/unit/builder`, then look at the difference.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tests.benchmarks.courses import course_files
from tests.builders.course import Content, Files, changed, small_course, without

FOLDER = Path(__file__).parent / "golden"
REWRITE = "KYOZAI_REWRITE" in os.environ
BLOCK = re.compile(r"^(`{3,})(\w+)\n(.*?)^\1$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Case:
    file: Path
    title: str
    body: str

    def blocks(self, name: str) -> list[str]:
        return [text for _, kind, text in BLOCK.findall(self.body) if kind == name]

    def course(self, files: Files | None = None) -> dict[str, Content]:
        """`files`: what is changed; the small course when missing."""
        files = dict(small_course() if files is None else files)
        for change in self.blocks("change"):
            files = apply(files, change)
        return files

    def hold(self, name: str, seen: str) -> None:
        """What people read is what the case says; or the case is written anew."""
        if REWRITE and self.blocks(name) != [seen]:
            self.rewrite(name, seen)
        else:
            assert [seen] == self.blocks(name)

    def rewrite(self, name: str, seen: str) -> None:
        whole = self.file.read_text("utf-8")
        start = whole.index(f"## {self.title}\n")
        end = (whole.find("\n## ", start) + 1) or len(whole)
        body = whole[start:end]
        block = f"```{name}\n{seen}```"
        body = re.sub(rf"^```{name}\n.*?^```$", lambda _: block, body, flags=re.DOTALL | re.MULTILINE)
        if block not in body:
            body = body.rstrip("\n") + f"\n\n{block}\n\n"
        self.file.write_text(whole[:start] + body + whole[end:], "utf-8")


def cases(folder: str) -> Iterator[Case]:
    for file in sorted((FOLDER / folder).glob("*.md")):
        for part in file.read_text("utf-8").split("\n## ")[1:]:
            title, _, body = part.partition("\n")
            yield Case(file, title, body)


def apply(files: Files, change: str) -> dict[str, Content]:
    path, *lines = change.splitlines()
    if path == "(another course)":
        return {**course_files(int(lines[0].removesuffix(" modules")))}
    if lines == ["(removed)"]:
        return without(files, path)
    whole = re.fullmatch(r"\((of|bytes|as|link to) (.*)\)", lines[0])
    if whole:
        return {**files, path: content(whole[1], whole[2], str(files.get(path)))}
    old = "".join(f"{line[1:]}\n" for line in lines if line.startswith("-"))
    new = "".join(f"{line[1:]}\n" for line in lines if line.startswith("+")).replace("␇", "\a")
    return changed(files, path, old, new) if old else {**files, path: new}


def content(how: str, what: str, text: str) -> Content:
    match how:
        case "of":
            return b" " * int(what.removesuffix(" bytes"))
        case "bytes":
            return bytes.fromhex(what)
        case "link to":
            return PurePosixPath(what)
    return text.encode(what)
