"""One section of a lesson: Markdown in, sanitised HTML out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from markdown_it.token import Token

from builder.language import N_, Language, translations
from builder.markdown import parse, parser
from builder.model.course import Section
from builder.rendering.figures import Figure
from builder.rendering.links import Pages, package_asset_url, package_url
from builder.rendering.references import References
from builder.rendering.sanitizing import clean

OFFICIAL = N_("公開資料にもとづく")
COURSE = N_("このコースの解説")
WRITING_LINE = N_("わたしの最初の一歩")


@dataclass(frozen=True)
class Surroundings:
    """What a section's links and figures are resolved against. `path` is that of its file."""

    path: str
    module_id: str
    pages: Pages
    figure: Callable[[str], Figure | None]
    language: Language = "ja"


def render_section(section: Section, around: Surroundings) -> str:
    """Heading, the label of its basis, the text; for the first action a line to write on."""
    references = References(around.language)
    label = basis_label(section, references, around.language)
    tokens = list(ours(list(captioned(parse(section.markdown), section.title)), references, around))
    body = clean(parser().renderer.render(tokens, parser().options, {}))
    parts = [f"<h2>{escape(section.title, quote=False)}</h2>", label, body]
    if section.id == "first-action":
        writing_line = translations(around.language).gettext(WRITING_LINE)
        parts.append(f'<p class="writing-line">{writing_line}</p>')
    return "\n".join(part.strip("\n") for part in parts if part)


def basis_label(section: Section, references: References, language: Language) -> str:
    if section.basis is None:
        return ""
    message = OFFICIAL if section.basis == "official" else COURSE
    label = translations(language).gettext(message)
    links = "、".join(references.to(number) for number in section.sources)
    return f'<p class="basis" data-basis="{section.basis}">{label}{f"（{links}）" if links else ""}</p>'


def captioned(tokens: Sequence[Token], heading: str) -> Iterator[Token]:
    """A table has the words of the heading above it for its caption: Markdown knows none."""
    for position, token in enumerate(tokens):
        yield token
        if token.type == "heading_open":
            heading = words(tokens[position + 1])
        if token.type == "table_open":
            yield html_token("html_block", f"<caption>{escape(heading, quote=False)}</caption>\n")


def words(inline: Token) -> str:
    """What a heading says, without its markup."""
    return "".join(token.content for token in inline.children or () if token.type in ("text", "code_inline"))


def ours(tokens: Sequence[Token], references: References, around: Surroundings) -> Iterator[Token]:
    """The parser's tokens with figures, scopes, addresses and source references in our way."""
    position = 0
    while position < len(tokens):
        image = lone_image(tokens[position : position + 3])
        if image:
            yield html_token("html_block", figure_html(image, around))
            position += 3
        else:
            yield adapt(tokens[position], references, around)
            position += 1


def adapt(token: Token, references: References, around: Surroundings) -> Token:
    if token.type == "th_open":
        return token.copy(attrs={"scope": "col"})
    if token.children:
        return token.copy(children=list(adapt_inline(token.children, references, around)))
    return token


def adapt_inline(tokens: Sequence[Token], references: References, around: Surroundings) -> Iterator[Token]:
    links = 0
    for token in tokens:
        links += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type == "link_open":
            address = package_url(str(token.attrGet("href")), around.path, around.pages)
            yield token.copy(attrs={"href": address} if address else {})
        elif token.type == "image":
            yield html_token("html_inline", image_html(token, around))
        elif token.type == "text" and not links:
            yield from references.within(token.content)
        else:
            yield token


def lone_image(tokens: Sequence[Token]) -> Token | None:
    """The image of a paragraph that consists of nothing else."""
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        return None
    children = tokens[1].children or []
    return children[0] if len(children) == 1 and children[0].type == "image" else None


def figure_html(image: Token, around: Surroundings) -> str:
    title = image.attrGet("title")
    caption = f"<figcaption>{escape(str(title))}</figcaption>" if title else ""
    return f"<figure>{image_html(image, around)}{caption}</figure>\n"


def image_html(image: Token, around: Surroundings) -> str:
    source = str(image.attrGet("src"))
    figure = around.figure(source)
    size = f' width="{figure.width}" height="{figure.height}"' if figure else ""
    address = package_asset_url(source, around.module_id)
    return f'<img src="{escape(address)}" alt="{escape(image.content)}"{size}>'


def html_token(kind: str, html: str) -> Token:
    return Token(kind, "", 0, content=html)
