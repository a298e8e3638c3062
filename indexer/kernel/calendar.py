"""The kernel's release calendar: the versions under development on given days."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from indexer.model import Release

DAY = timedelta(days=1)
# After a release, net-next still accepts pending changes until the pull request; see the table of releases.
STILL_OPEN = timedelta(days=3)

# For this long after a release, late fixes still belong to it through stable updates.
SHORTLY = timedelta(days=14)


def version_at(releases: Sequence[Release], day: date) -> str | None:
    """Return the version that accepted features on a day, or None for a day outside the calendar.

    From the release of X.Y until X.(Y+1)-rc1 this is X.(Y+1), and then the version after it.
    """
    i = bisect_right(releases, day, key=lambda release: release.released)
    if i == 0 or i >= len(releases):
        return None
    if (closed := releases[i].rc1) and day < closed:
        return releases[i].version
    return releases[i + 1].version if i + 1 < len(releases) else None


def versions_between(
    releases: Sequence[Release], since: date, day: date, *, features: bool, fixes: bool, late: bool = False
) -> tuple[str, ...]:
    """Return the possible versions of a change posted after `since` and until `day`, the oldest first.

    Features enter net-next while it is open: from an -rc1 until shortly after the release. Fixes go to the release
    under test; with `late`, also to the one released shortly before. If net-next was closed all the time, the next
    version is returned.
    """
    posted = (since + DAY, day)
    found = set()
    shortly = SHORTLY if late else timedelta()
    first = bisect_right(releases, since - SHORTLY, key=lambda release: release.released)
    near = releases[max(0, first - 1) : bisect_right(releases, day, key=lambda release: release.released) + 2]
    for before, coming in pairwise(near):
        if features and before.rc1 and overlap(posted, (before.rc1, before.released + STILL_OPEN)):
            found.add(coming.version)
        if fixes and overlap(posted, (before.released, coming.released + shortly)):
            found.add(coming.version)
    last = version_at(releases, day)
    if last is None:
        return ()
    return tuple(release.version for release in near if release.version in found) or (last,)


def overlap(one: tuple[date, date], other: tuple[date, date]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
