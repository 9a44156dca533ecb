"""How a page behaves on the network: where it asks, what it weighs, what its headers say."""

from collections.abc import Iterator

from playwright.sync_api import Response

from tests.browser.tab import Tab

HEAVIEST = 300_000
"""Bytes of a page with everything that it loads."""

POLICY = {
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


def inspect(tab: Tab, *, may_fail: bool = False) -> Iterator[str]:
    """`may_fail`: a fault of ours is what is looked at."""
    if not may_fail:
        yield from (
            f"{each.url} answers {each.status}" for each in tab.fetched.responses if each.status >= 500
        )
    origin = tab.world.settings.url
    yield from (f"asks {url}" for url in tab.fetched.requests if not url.startswith(f"{origin}/"))
    yield from (f"policy violated: {violation}" for violation in tab.evaluate("violations"))
    yield from (f"script fails: {complaint}" for complaint in tab.fetched.complaints)
    weight = sum(len(response.body()) for response in tab.fetched.responses if is_of_the_page(response))
    if weight >= HEAVIEST:
        yield f"weighs {weight} bytes"
    if weight == 0:
        yield "was fetched unseen"
    for response in tab.fetched.responses:
        yield from headers(response)


def headers(response: Response) -> Iterator[str]:
    found = response.headers
    policy = found.get("content-security-policy", "").split("; ")
    if set(policy) != POLICY:
        yield f"{response.url} has the policy {policy}"
    if found.get("x-content-type-options") != "nosniff":
        yield f"{response.url} may be sniffed"
    if "text/html" in found.get("content-type", "") and found.get("cache-control") != "no-store":
        yield f"{response.url} may be stored"


def is_of_the_page(response: Response) -> bool:
    """Neither a redirect to it, nor the answer to what the page before still sent when it was left.

    The browser forgets the body of the latter with the page that asked.
    """
    asked = response.request
    return response.status not in range(300, 400) and (asked.method == "GET" or asked.is_navigation_request())
