"""A few fixed inputs for each target of `make fuzz`."""

from __future__ import annotations

import json

import pytest

from tests.docs.parts import RELIABILITY, divided
from tests.fuzz.__main__ import KEPT, said_of
from tests.fuzz.targets import TARGETS
from tests.fuzz.trying import Watch, once, texts_for


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_any_text_gets_an_answer(target) -> None:  # type: ignore[no-untyped-def]
    watch = Watch(target, slowest=10, largest=2_000)
    once(watch, texts_for(target), turn=1, inputs=60)
    assert watch.inputs


def test_the_manual_states_how_many_inputs_were_tried() -> None:
    held = json.loads(KEPT.read_text(encoding="utf-8"))
    assert set(held) == set(TARGETS)
    assert divided(RELIABILITY.read_text(encoding="utf-8"), "fuzz")[1] == said_of(held)
