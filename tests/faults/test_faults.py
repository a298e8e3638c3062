"""A short run of each kind of fault; `make faults` does more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.damaging import damage
from tests.faults.editing import edit_at_random
from tests.faults.filling import fill
from tests.faults.forbidding import forbid
from tests.faults.killing import kill
from tests.faults.stage import WentWrongError, must
from tests.faults.swapping import swap

SEED = 3
# The warnings are of Whoosh 2.7.4, which leaves its file open where it cannot read it.
leaky = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def test_after_random_edits_with_any_clock_an_index_equals_a_new_one(tmp_path: Path) -> None:
    assert edit_at_random(tmp_path, 4, SEED).compared == 4


def test_a_read_only_data_folder_can_be_searched(tmp_path: Path) -> None:
    found = forbid(tmp_path)
    assert (found.went_on, found.said_so) == (6, 3)


def test_an_unexpected_state_ends_the_run() -> None:
    with pytest.raises(WentWrongError, match="a wrong answer"):
        must(False, "a wrong answer")


@pytest.mark.slow
def test_after_random_kills_the_old_or_the_new_index_answers(tmp_path: Path) -> None:
    assert kill(tmp_path, 9, SEED).times.total() == 9


@leaky
@pytest.mark.slow
def test_each_damage_is_noticed_and_repaired(tmp_path: Path) -> None:
    found = damage(tmp_path, 2, SEED)
    assert found.noticed.total() > 30
    assert found.harmless == 0
    assert set(found.mended) == {"backissue index", "backissue serve"}


@pytest.mark.slow
def test_the_old_index_answers_when_the_disk_is_full(tmp_path: Path) -> None:
    assert fill(tmp_path, 4).full


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_no_request_is_dropped_while_indexes_are_published(tmp_path: Path, workers: int) -> None:
    found = swap(tmp_path, 2, workers)
    assert len(found.moved) == 2
    assert found.failures == []
