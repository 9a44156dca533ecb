from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server with an empty database of its own."""
    site = Site(tmp_path)
    yield site
    site.close()
