"""The manual shows the workflows that `backissue init --publish` writes."""

from __future__ import annotations

import pytest

from indexer.cli.publishing import HOSTS, workflow
from tests.docs.parts import DOCS


@pytest.mark.parametrize("host", HOSTS)
def test_the_workflow_in_the_manual_is_the_one_that_is_written(host: str) -> None:
    page = (DOCS / "publishing.md").read_text(encoding="utf-8")
    assert f"```yaml\n{workflow(host, 'archive')}```\n" in page
    assert f"`{HOSTS[host].path}`" in page
