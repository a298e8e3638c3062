"""What the tests of the web app share: a server that they only ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.sources.archive import Archive
from tests.webui.serving import WORKERS, address, serving


@pytest.fixture(scope="module")
def base(archive: Archive) -> Iterator[str]:
    """Return the address of a server that a test only asks."""
    with serving(archive, "--workers", str(WORKERS)) as process:
        yield address(process)
