"""Dates as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.formats.dates import as_date, day_in, doubt

DATES = {
    "2020-12-2": "2020-12-02",
    "2020/12/02": "2020-12-02",
    "2017-11-22 12:06:51 +0100": "2017-11-22",
    "2015-01-05T06:30:00Z": "2015-01-05",
    "Jan 5th 2015": "2015-01-05",
    "January 5, 2015": "2015-01-05",
    "5 January 2015": "2015-01-05",
    "5th of Feb. 2015": "2015-02-05",
    "06-27-2023": "2023-06-27",
    "27/06/2023": "2023-06-27",
    "27.06.2023": "2023-06-27",
    "06.07.2023": "2023-07-06",
    "06-06-2023": "2023-06-06",
    "Wed, 17 Aug 2022 08:00:00 +0000": "2022-08-17",
    "06-07-2023": None,
    "2020-01-30 99": None,
    "2017-13-45": None,
    "Mon, 20 Nov 9999999999 12:00:00 +0000": None,
    "9" * 5_000: None,
    "": None,
}


@pytest.mark.parametrize(("text", "day"), DATES.items(), ids=range(len(DATES)))
def test_a_date_is_read_as_written(text: str, day: str | None) -> None:
    found = as_date(text)
    assert (found.date().isoformat() if found else None) == day


def test_a_day_is_found_in_a_title() -> None:
    assert day_in("ZZ Weekly - #53, Jan 5th 2015") == date(2015, 1, 5)
    assert day_in("ZZ Weekly Edition 33 (November 22nd, 2017)") == date(2017, 11, 22)
    assert day_in("Edition 33 of 2017") is None


@given(st.text(alphabet="0123456789-/.,: TZ+JanuarySt", max_size=40))
def test_no_text_makes_the_date_parser_fail(text: str) -> None:
    as_date(text)
    day_in(text)


@pytest.mark.parametrize(("said", "message"), [
    ("06-27-2023", "The date 06-27-2023 in the front matter was read as 2023-06-27."),
    ("06-07-2023", "The date 06-07-2023 in the front matter can be read in two ways. Write it as YYYY-MM-DD."),
    ("31-31-2023", "The date in the front matter is not valid: 31-31-2023."),
    ("2023-06-07", ""),
])  # fmt: skip
def test_the_interpretation_of_a_numeric_date_is_reported(said: str, message: str) -> None:
    assert doubt(said, as_date(said)) == message
