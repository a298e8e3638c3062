"""A data folder with issues whose patches are in the generated histories."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.cli.root import cli
from indexer.sources.archive import Archive
from tests.archives import linked

ISSUES = {
    1: ("2017-06-01", "- Ann Example, [[PATCH net-next] bpf: add {LT,LE to the verifier](https://marc.info/?l=n&m=1)"),
    2: (
        "2017-06-15",
        """\
- Ann Example, [[PATCH net-next v2] bpf: add {LT, LE to the verifier](https://marc.info/?l=n&m=2)
- Ben Example, [[PATCH net-next 0/2] bpf: two things at once](https://marc.info/?l=n&m=3)
  - Ben Example, [[PATCH net-next 1/2] bpf: the first thing](https://marc.info/?l=n&m=4)
  - Ben Example, [[PATCH net-next 2/2] bpf: the second thing](https://marc.info/?l=n&m=5)
- Ben Example, [[PATCH bpf-next v3 2/7] selftests/bpf: check that the verifier rejects ...](https://marc.info/?l=n&m=8)
- Bjørn Łuk, [[PATCH bpf] bpf: written by another](https://marc.info/?l=n&m=9)
- Eve Example, [[PATCH iproute2] tc: show the thing](https://marc.info/?l=n&m=6)
- Leo Example, [[llvm] r302055 - add a thing](http://llvm.org/viewvc/llvm-project?rev=302055&view=rev)
- Una Example, [[PATCH] bpf: renamed when applied](https://lore.kernel.org/r/2017061.77-una@example.org)
""",
    ),
}


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with two additional issues, and an index."""
    folder = tmp_path_factory.mktemp("outcomes")
    for number, (posted, text) in ISSUES.items():
        path = folder / f"{number}.md"
        path.write_text(f"# BPF Updates {100 + number}\n\n## Patches\n\n{text}\n")
        added = CliRunner().invoke(
            cli,
            ["add", str(path), "--newsletter", "bpf-updates", "--issue", str(100 + number), "--date", posted,
             "--data", str(folder / "data")],
        )  # fmt: skip
        assert added.exit_code == 0, added.output
    return folder / "data"


@pytest.fixture
def data(indexed: Path, tmp_path: Path) -> Path:
    return linked(indexed, tmp_path)


@pytest.fixture
def shipped_data(archive: Archive, tmp_path: Path) -> Path:
    """Return a data folder with the index of the shipped archive, for the test alone."""
    return linked(archive.data, tmp_path)
