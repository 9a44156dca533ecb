from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.site import Site


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Site]:
    """A server with an empty database of its own."""
    site = Site(tmp_path, database_url=database_url)
    yield site
    site.close()


@pytest.fixture
def site_over_https(tmp_path: Path) -> Iterator[Site]:
    """The same behind a proxy at which TLS ends."""
    site = Site(tmp_path, url="https://kyozai.example.jp")
    yield site
    site.close()
