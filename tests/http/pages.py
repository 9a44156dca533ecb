"""A client that reads pages as a browser does, and checks every page that it reads."""

import io
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.datastructures import MultiDict

MOVED = (301, 302, 303)
FIELDS = ("input", "select", "textarea")
WITHOUT_LABEL = ("hidden", "submit", "button", "reset", "image")
ADDRESSES = {
    "script": "src",
    "link": "href",
    "img": "src",
    "form": "action",
    "iframe": "src",
    "object": "data",
}
Value = str | Sequence[str]
File = tuple[str, bytes]
"""Its name, and what is in it."""


@dataclass(frozen=True)
class Request:
    method: str
    url: str
    fields: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_html(self) -> bool:
        return self.headers.get("Content-Type", "").startswith("text/html")


Send = Callable[[Request], Answer]


class Page:
    """An answer in HTML, parsed."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.url, self.status = answer.url, answer.status
        self.html = answer.body.decode()

    @cached_property
    def document(self) -> Element:
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        document = parser.parse(self.html)
        assert isinstance(document, Element)
        return document

    @property
    def path(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def title(self) -> str:
        return text_of(self.one("title"))

    @property
    def heading(self) -> str:
        return text_of(self.one("h1"))

    @property
    def main(self) -> Element:
        return self.one("main")

    @property
    def text(self) -> str:
        """What stands in <main>, without markup."""
        return text_of(self.main)

    @property
    def errors(self) -> list[str]:
        """The lines of the error summary."""
        summaries = (element for element in self.main.iter() if "error-summary" in classes(element))
        return [text_of(item) for summary in summaries for item in summary.iter("li")]

    def all(self, tag: str) -> list[Element]:
        return list(self.document.iter(tag))

    def one(self, tag: str) -> Element:
        (element,) = self.all(tag)
        return element

    def by_id(self, name: str) -> Element:
        (element,) = [element for element in self.document.iter() if element.get("id") == name]
        return element

    def link(self, text: str) -> str:
        """The address of the one link with this text."""
        found = {link.get("href", "") for link in self.all("a") if text_of(link) == text}
        assert len(found) == 1, f"{len(found)} links {text!r} on {self.url}: {self.link_texts()}"
        return urljoin(self.url, found.pop())

    def links(self) -> list[str]:
        """The addresses in <main>, once each, in their order."""
        return list(dict.fromkeys(link.get("href", "") for link in self.main.iter("a")))

    def link_texts(self) -> list[str]:
        return [text_of(link) for link in self.all("a")]

    def table(self, caption: str = "") -> list[list[str]]:
        """The cells of the one table in <main> (with this caption), row by row, its head included."""
        tables = self.main.iter("table")
        (table,) = (each for each in tables if caption in ("", *map(text_of, each.iter("caption"))))
        return [[text_of(cell) for cell in row if cell.tag in ("th", "td")] for row in table.iter("tr")]

    def form(self, name: str) -> tuple[Element, Element]:
        """The form with this id, or with a button of this text; and the button to press."""
        found = [
            (form, button)
            for form in self.all("form")
            for button in submit_buttons(self.document, form)
            if name in (form.get("id"), text_of(button), button.get("value"), button.get("aria-label"))
        ]
        by_id = [pair for pair in found if pair[0].get("id") == name][:1]
        chosen = by_id or found
        assert len(chosen) == 1, f"{len(chosen)} forms {name!r} on {self.url}: {self.button_texts()}"
        return chosen[0]

    def button_texts(self) -> list[str]:
        return [
            text_of(button) for form in self.all("form") for button in submit_buttons(self.document, form)
        ]


class PageClient:
    """One browser: keeps its cookies, follows redirects, fills the forms of the page it shows."""

    def __init__(self, send: Send, home: str) -> None:
        self.send = send
        self.home = home
        self.page: Page | None = None
        self.redirects: list[str] = []

    def get(self, path: str, *, status: int = 200) -> Page:
        return self._show(Request("GET", urljoin(self.home, path)), status)

    def click(self, link: str, *, status: int = 200) -> Page:
        """Follow the link with this text on the page just fetched."""
        return self.get(self.shown.link(link), status=status)

    def submit(
        self,
        form: str,
        fields: Mapping[str, Value] | None = None,
        *,
        status: int = 200,
        files: Mapping[str, File] | None = None,
        **more: Value,
    ) -> Page:
        """Fill and send a form of the page just fetched, found by its id or the text of its button."""
        element, button = self.shown.form(form)
        filled = fill(self.shown.document, element, {**(fields or {}), **more})
        pressed = [(button.get("name", ""), button.get("value", ""))] if button.get("name") else []
        method = (button.get("formmethod") or element.get("method") or "get").upper()
        target = urljoin(self.shown.url, button.get("formaction") or element.get("action") or "")
        if method == "GET":
            return self.get(
                f"{urldefrag(target).url.partition('?')[0]}?{urlencode(filled + pressed)}", status=status
            )
        kept = [(name, value) for name, value in filled if name not in (files or {})]
        request = Request("POST", target, kept + pressed, self._from_here(), files or {})
        return self._show(request, status)

    def post(self, path: str, fields: Mapping[str, str] | None = None, *, status: int = 200) -> Page:
        """Post without a form, as no page of ours would; only the token comes from the page just fetched."""
        token = next(
            (
                field.get("value", "")
                for field in self.shown.all("input")
                if field.get("name") == "csrf_token"
            ),
            "",
        )
        sent = [("csrf_token", token), *(fields or {}).items()]
        return self._show(Request("POST", urljoin(self.home, path), sent, self._from_here()), status)

    def download(self, path: str, *, status: int = 200) -> Answer:
        """An answer that is no page (CSV, PDF, JSON). Redirects are not followed."""
        answer = self.send(Request("GET", urljoin(self.home, path)))
        assert answer.status == status, f"{answer.url} answers {answer.status}, not {status}"
        return answer

    @property
    def shown(self) -> Page:
        assert self.page is not None, "fetch a page first"
        return self.page

    def _from_here(self) -> dict[str, str]:
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(self.shown.url))
        return {"Referer": self.shown.url, "Origin": origin}

    def _show(self, request: Request, status: int) -> Page:
        answer = self.send(request)
        self.redirects = []
        while answer.status in MOVED:
            self.redirects.append(urljoin(answer.url, answer.headers["Location"]))
            assert len(self.redirects) < 10, f"too many redirects: {self.redirects}"
            answer = self.send(Request("GET", self.redirects[-1]))
        assert answer.status == status, f"{answer.url} answers {answer.status}, not {status}"
        assert answer.is_html, f"{answer.url} is no page: use download()"
        self.page = Page(answer)
        check_page(self.page)
        return self.page


def flask_client(app: Flask, home: str, *, remote_address: str = "127.0.0.1", **headers: str) -> PageClient:
    """A client of an application in this process."""
    browser = app.test_client()

    def send(request: Request) -> Answer:
        with browser.open(
            request.url,
            method=request.method,
            data=_body(request),
            content_type=_content_type(request),
            headers={**request.headers, **headers},
            environ_base={"REMOTE_ADDR": remote_address},
        ) as response:
            return Answer(request.url, response.status_code, dict(response.headers), response.data)

    return PageClient(send, home)


def _body(request: Request) -> Any:
    if request.method != "POST":
        return None
    if not request.files:
        return urlencode(request.fields)
    files = [(name, (io.BytesIO(data), file)) for name, (file, data) in request.files.items()]
    return MultiDict([*request.fields, *files])


def _content_type(request: Request) -> str | None:
    if request.method != "POST":
        return None
    return "multipart/form-data" if request.files else "application/x-www-form-urlencoded"


def http_client(home: str) -> PageClient:
    """A client of a server that listens."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), _NoRedirect())

    def send(request: Request) -> Answer:
        data = urlencode(request.fields).encode() if request.method == "POST" else None
        sent = urllib.request.Request(request.url, data, dict(request.headers), method=request.method)
        try:
            response = opener.open(sent)
        except urllib.error.HTTPError as refused:
            response = refused
        with response:
            headers = {name.title(): value for name, value in response.headers.items()}
            return Answer(request.url, response.status, headers, response.read())

    return PageClient(send, home)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


# Forms ---------------------------------------------------------------------------------------------


def submit_buttons(document: Element, form: Element) -> list[Element]:
    return [button for button in controls(document, form) if button.tag == "button" and is_submit(button)]


def is_submit(button: Element) -> bool:
    return button.get("type", "submit") == "submit"


def controls(document: Element, form: Element) -> list[Element]:
    """The form's fields and buttons, those outside that name it by `form` included."""
    inside = [element for element in form.iter() if element.tag in (*FIELDS, "button")]
    named = [
        element
        for element in document.iter()
        if element.get("form") and element.get("form") == form.get("id")
    ]
    return [element for element in inside if not element.get("form")] + named


def fill(document: Element, form: Element, given: Mapping[str, Value]) -> list[tuple[str, str]]:
    """What a browser would send: the fields as they stand, with the given values in their places."""
    fields = [
        control for control in controls(document, form) if control.tag in FIELDS and control.get("name")
    ]
    names = {field.get("name") for field in fields}
    assert not given.keys() - names, f"no field {given.keys() - names}: the form has {names}"
    asked = {name: [value] if isinstance(value, str) else list(value) for name, value in given.items()}
    sent: list[tuple[str, str]] = []
    for control in fields:
        name = control.get("name", "")
        values = _chosen(control, asked[name]) if name in asked else _standing(control)
        sent += [(name, value) for value in values]
    for name, values in asked.items():
        missing = [value for value in values if (name, value) not in sent]
        assert not missing, f"the form does not offer {missing} for {name}"
    return sent


def _chosen(control: Element, values: Sequence[str]) -> list[str]:
    if control.tag == "select":
        return [value for value in options(control) if value in values]
    if control.get("type") in ("radio", "checkbox"):
        return [value for value in [control.get("value", "on")] if value in values]
    return list(values)


def _standing(control: Element) -> list[str]:
    if control.tag == "textarea":
        return [control.text or ""]
    if control.tag == "select":
        selected = [_option_value(option) for option in control.iter("option") if "selected" in option.attrib]
        return selected or options(control)[:1]
    if control.get("type") in ("radio", "checkbox"):
        return [control.get("value", "on")] if "checked" in control.attrib else []
    return [control.get("value", "")]


def options(select: Element) -> list[str]:
    return [_option_value(option) for option in select.iter("option")]


def _option_value(option: Element) -> str:
    return option.get("value", text_of(option))


# What holds on every page --------------------------------------------------------------------------


def check_page(page: Page) -> None:
    """Raise AssertionError with everything that is wrong, not only the first."""
    faults = [f"{page.url}: {fault}" for check in CHECKS for fault in check(page)]
    assert not faults, "\n".join(faults)


def says_its_language(page: Page) -> Iterator[str]:
    if page.document.get("lang") not in ("ja", "en"):
        yield f"lang is {page.document.get('lang')!r}"


def has_a_title_and_one_heading(page: Page) -> Iterator[str]:
    for tag in ("title", "h1"):
        found = page.all(tag)
        if len(found) != 1 or not text_of(found[0]):
            yield f"{len(found)} <{tag}>, one with text is needed"


def ids_are_unique(page: Page) -> Iterator[str]:
    ids = [element.attrib["id"] for element in page.document.iter() if "id" in element.attrib]
    yield from (
        f"id {name!r} is there twice" for name in sorted({name for name in ids if ids.count(name) > 1})
    )


def references_lead_somewhere(page: Page) -> Iterator[str]:
    ids = {element.get("id") for element in page.document.iter()}
    for element in page.document.iter():
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "form"):
            for name in element.get(attribute, "").split():
                if name not in ids:
                    yield f"<{element.tag} {attribute}={name!r}> names nothing on the page"
        target = element.get("href", "")
        if element.tag == "a" and target.startswith("#") and target[1:] not in ids:
            yield f"the link {target} leads nowhere"


def fields_are_labelled(page: Page) -> Iterator[str]:
    labels = [label for label in page.all("label") if text_of(label)]
    by_for = {label.get("for") for label in labels}
    wrapped = {id(element) for label in labels for element in label.iter()}
    for control in page.document.iter():
        if control.tag not in FIELDS or control.get("type") in WITHOUT_LABEL:
            continue
        named = control.get("aria-label") or control.get("aria-labelledby")
        if not (named or control.get("id") in by_for or id(control) in wrapped):
            yield f"<{control.tag} name={control.get('name')!r}> has no label"


def groups_of_choices_have_a_legend(page: Page) -> Iterator[str]:
    grouped = {id(element) for fieldset in page.all("fieldset") for element in fieldset.iter()}
    for fieldset in page.all("fieldset"):
        if not any(child.tag == "legend" and text_of(child) for child in fieldset):
            yield "a fieldset has no legend"
    for control in page.all("input"):
        if control.get("type") == "radio" and id(control) not in grouped:
            yield f"radio {control.get('name')!r} stands in no fieldset"


def forms_can_be_sent(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        where = form.get("action") or page.path
        if not submit_buttons(page.document, form):
            yield f"the form to {where} has no button"
        names = [control.get("name") for control in controls(page.document, form)]
        is_post = form.get("method", "get").lower() == "post"
        if is_post != ("csrf_token" in names):
            yield f"the form to {where}: a token is for POST, always and only"
    for button in page.all("button"):
        if not (text_of(button) or button.get("aria-label")):
            yield "a button says nothing"


def links_and_pictures_have_words(page: Page) -> Iterator[str]:
    for link in page.all("a"):
        if not (
            text_of(link) or link.get("aria-label") or any(image.get("alt") for image in link.iter("img"))
        ):
            yield f"the link to {link.get('href')} says nothing"
    yield from (f"{image.get('src')} has no alt" for image in page.all("img") if image.get("alt") is None)


def tables_have_heads(page: Page) -> Iterator[str]:
    for table in page.all("table"):
        if not any(child.tag == "caption" and text_of(child) for child in table):
            yield "a table has no caption"
        if any(head.get("scope") not in ("col", "row", "colgroup", "rowgroup") for head in table.iter("th")):
            yield "a head of a table has no scope"


def nothing_is_inline(page: Page) -> Iterator[str]:
    yield from ("an inline <style>" for _ in page.all("style"))
    yield from ("an inline <script>" for script in page.all("script") if not script.get("src"))
    for element in page.document.iter():
        yield from (
            f"<{element.tag} {name}=…>" for name in element.attrib if name == "style" or name.startswith("on")
        )


def everything_comes_from_here(page: Page) -> Iterator[str]:
    here = urlsplit(page.url).netloc
    for tag, attribute in ADDRESSES.items():
        for element in page.all(tag):
            address = urljoin(page.url, element.get(attribute, ""))
            if urlsplit(address).netloc != here:
                yield f"<{tag} {attribute}={address!r}> is not ours"


CHECKS = (
    says_its_language,
    has_a_title_and_one_heading,
    ids_are_unique,
    references_lead_somewhere,
    fields_are_labelled,
    groups_of_choices_have_a_legend,
    forms_can_be_sent,
    links_and_pictures_have_words,
    tables_have_heads,
    nothing_is_inline,
    everything_comes_from_here,
)


# Reading -------------------------------------------------------------------------------------------


def text_of(element: Element) -> str:
    """The words of an element, blanks joined. What a screen reader reads is in it, scripts are not."""
    return " ".join("".join(_words(element)).split())


def _words(element: Element) -> Iterator[str]:
    if element.tag in ("script", "style", "template") or not isinstance(element.tag, str):
        return
    yield element.text or ""
    for child in element:
        yield from _words(child)
        yield child.tail or ""
        yield "" if child.tag in INLINE else " "


INLINE = (
    "a",
    "abbr",
    "b",
    "code",
    "em",
    "kbd",
    "mark",
    "rt",
    "ruby",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "time",
)


def classes(element: Element) -> list[str]:
    return element.get("class", "").split()
