"""A server that tests of the web app share and do not change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.sources.archive import Archive
from tests.webui.serving import WORKERS, address, serving


@pytest.fixture(scope="module")
def base(archive: Archive) -> Iterator[str]:
    """Return the URL of a shared server."""
    with serving(archive, "--workers", str(WORKERS)) as process:
        yield address(process)
