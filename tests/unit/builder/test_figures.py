"""A figure draws and does nothing else."""

import pytest

from builder.rendering.figures import inspect_figure

SVG = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 302.4"'


def codes_of(svg: str) -> list[str]:
    return [problem.code for problem in inspect_figure(svg.encode(), "figure.svg").problems]


def test_a_figure_of_shapes_and_text_is_fine() -> None:
    svg = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- drawn by hand -->\n<svg {SVG} role="img">'
        '<title>図</title><defs><marker id="a"><path d="M0 0"/></marker></defs>'
        '<g transform="scale(2)"><line x1="0" marker-end="url(#a)"/><text xml:lang="ja">文</text></g></svg>'
    )

    assert codes_of(svg) == []


def test_the_size_comes_from_the_view_box() -> None:
    figure = inspect_figure(f"<svg {SVG}/>".encode(), "figure.svg")

    assert (figure.width, figure.height) == (360, 302)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<style>@import url(https://example.org/)</style>",
        '<a href="https://example.org/"><rect/></a>',
        '<image href="https://example.org/a.png"/>',
        '<use href="https://example.org/a.svg#a"/>',
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
        '<set attributeName="href" to="javascript:alert(1)"/>',
        '<animate attributeName="x" from="0" to="1"/>',
        '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
        '<rect xmlns="http://www.w3.org/1999/xhtml"/>',
        '<rect onload="alert(1)"/>',
        '<rect style="fill: url(https://example.org/)"/>',
        '<rect class="a"/>',
        '<rect fill="url(https://example.org/#a)"/>',
        "<rect fill=\"url( 'https://example.org/#a' )\"/>",
        '<rect clip-path="URL(//example.org/a#b)"/>',
        '<rect fill="u\\72l(https://example.org/)"/>',
        "<?xml-stylesheet href='https://example.org/'?>",
    ],
)
def test_what_could_act_or_reach_out_is_refused(inside: str) -> None:
    assert set(codes_of(f"<svg {SVG}>{inside}</svg>")) == {"figure-unsafe"}


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE svg SYSTEM "https://example.org/svg.dtd">',
    ],
)
def test_a_document_type_is_refused_before_it_is_read(doctype: str) -> None:
    assert codes_of(f"{doctype}<svg {SVG}><text>&a;</text></svg>") == ["figure-unsafe"]


@pytest.mark.parametrize("svg", ["", "図", f"<svg {SVG}>", f"<svg {SVG}/><svg/>", "<svg\0/>"])
def test_what_is_no_xml_is_named_so(svg: str) -> None:
    assert codes_of(svg)[-1] == "figure-broken"


def test_another_document_than_svg_is_refused() -> None:
    assert "figure-unsafe" in codes_of(f"<rect {SVG}/>")
