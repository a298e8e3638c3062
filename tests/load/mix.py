"""A realistic mix of requests: searches, pages, feeds, the API and malicious ones; drawn from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from tests.bench.hostile import HOSTILE

FOUND, REFUSED = 200, 400
WORDS = (
    "xdp sockmap verifier bpf_getsockops jit maps tracing cgroup kprobe offload redirect tail_call helper netdev nfp "
    "bpftool selftests samples lru hash percpu tc clsact sockmpa verifer"  # two are misspelt
).split()
HARM = [quote_plus(text, errors="replace") for text in HOSTILE.values()]
STORY = "/entry/bpf-updates/13/new-helper-function-bpf-getsockops"
# The share of each request in percent, and its path; {w} is one or two words, {p} a prefix, {h} a malicious query.
OURS: Mapping[str, int] = {
    "/?q={w}": 22,
    "/?q={w}&kernel=v4.15": 8,
    "/?kind=talk&topic=xdp": 4,
    "/?q=%22load+averages%22+OR+%28xdp+-maps%29+redirec*": 4,
    "/": 5,
    "/api/v1/suggest?q={p}": 8,
    "/suggest.json?q={p}": 8,
    "/api/v1/search?q={w}&limit=10": 8,
    "/api/v1/entries/bpf-updates/13/new-helper-function-bpf-getsockops": 2,
    STORY: 6,
    "/id/bpf_redirect_map": 3,
    "/kernel/v4.14": 2,
    "/issue/bpf-updates/9": 2,
    "/search.atom?q={w}": 3,
    "/?q={h}": 5,
}
AGAIN = {"/": 4, STORY: 3, "/kernel/v4.15": 3}  # sent with the previous entity tag, so the response is 304
SEARCHES: Mapping[str, int] = {"/?q={w}": 60, "/api/v1/search?q={w}&limit=10": 40}


@dataclass(frozen=True, slots=True)
class Ask:
    """A path, whether to send the last entity tag, and the accepted statuses."""

    path: str
    again: bool = False
    right: Sequence[int] = field(default=(FOUND,))


def asks(seed: int, shapes: Mapping[str, int], again: Mapping[str, int] | None = None) -> Iterator[Ask]:
    """Yield an endless sequence of requests; the same seed gives the same sequence."""
    rng = random.Random(seed)  # noqa: S311
    kinds = [(shape, False) for shape in shapes] + [(path, True) for path in again or {}]
    weights = [*shapes.values(), *(again or {}).values()]
    while True:
        ((shape, held),) = rng.choices(kinds, weights)
        if held:
            yield Ask(shape, again=True, right=(FOUND, 304))
        elif "{h}" in shape:
            yield Ask(shape.format(h=rng.choice(HARM)), right=(FOUND, REFUSED))
        else:
            words = " ".join(rng.sample(WORDS, 1 if rng.random() < 0.6 else 2))
            yield Ask(shape.format(w=quote_plus(words), p=quote_plus(words[: rng.randrange(2, 6)].strip())))
