"""`backissue outcomes` on clones in which patches went in by rough ways: recall 0.97, precision 0.995."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from indexer.sources.archive import Archive
from tests.kernel.forms import FORMS
from tests.kernel.outcomes import found
from tests.kernel.rough import WAYS, Way, rough_clone
from tests.kernel.rough_merges import MERGES


@pytest.mark.parametrize(("seed", "singles"), [(11, WAYS), (12, WAYS), (21, FORMS)])
def test_patches_that_were_applied_with_changes_are_found(
    archive: Archive, shipped_data: Path, tmp_path: Path, seed: int, singles: Mapping[str, Way]
) -> None:
    made, commits = rough_clone(archive, tmp_path / "linux", seed=seed, covers=MERGES, singles=singles)
    rows = found(shipped_data, "--git", tmp_path / "linux")
    truth = {entry: (commits[mark], release) for entry, (mark, release) in made.truth.items()}
    claimed = {
        entry: (row.commit, row.release) for entry, row in rows.items() if row.outcome == "merged" and row.commit
    }
    missed = [entry for entry in truth if claimed.get(entry) != truth[entry]]
    wrong = [entry for entry in claimed if entry in made.kinds and claimed[entry] != truth.get(entry)]
    assert len(missed) <= 0.03 * len(truth), Counter(made.kinds[entry] for entry in missed)
    assert len(wrong) <= 0.005 * len(claimed), Counter(made.kinds[entry] for entry in wrong)
