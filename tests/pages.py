"""All types of pages, each with a typical URL of the shipped archive."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, urlencode


class PageType(NamedTuple):
    """A type of page: its description, an example URL, and the expected status."""

    name: str
    path: str
    status: int = 200


def entry(entry_id: str) -> str:
    return f"/entry/bpf-updates/{quote(entry_id)}"


LARGEST = 60_000  # bytes of HTML
STORY = "bpf-updates/13/new-helper-function-bpf-getsockops"
PATCH = "11/patch-v2-net-next-1-4-bpf-add-helper-bpf-perf-read-counter-time-for-perf-event-array-map"
PAGE_TYPES = (
    PageType("front page", "/"),
    PageType("all entries", "/?sort=newest"),
    PageType("search", "/?q=xdp&kernel=v4.15"),
    PageType("search with notices", "/?q=bpf_getsockopt&explain=1"),
    PageType("search that is explained", "/?q=bpf&explain=1"),
    PageType("search without hits", "/?" + urlencode({"q": "zeppelin", "kind": "talk"})),
    PageType("search past the end", "/?q=sockmap&page=999"),
    PageType("entry, a helper", f"/entry/{STORY}"),
    PageType("entry, a patch of a series", entry(PATCH)),
    PageType("entry with a quotation", entry("1/the-jset-cbpf-instruction")),
    PageType("entry in Japanese", entry("12/linux-の-bpf-5-ebpf-による-linux-kernel-tracing")),
    PageType("issue", "/issue/bpf-updates/13"),
    PageType("issues", "/issue/"),
    PageType("issues of a year", "/issue/bpf-updates/in/2017"),
    PageType("kernel", "/kernel/v4.15"),
    PageType("kernels", "/kernel/"),
    PageType("name", "/id/XDP_QUERY_PROG"),
    PageType("name that the issues write otherwise", "/id/bpf_getsockopt"),
    PageType("name that is not known", "/id/bpf_get_socket", 404),
    PageType("series", "/series/bpf-rewrite-value-tracking-in-verifier-edward-cree"),
    PageType("all series", "/series/"),
    PageType("topic", "/topic/xdp"),
    PageType("topics", "/topic/"),
    PageType("author", "/author/Daniel%20Borkmann"),
    PageType("authors", "/author/"),
    PageType("help", "/help"),
    PageType("about", "/about"),
    PageType("API", "/api"),
    PageType("nothing here", "/nowhere", 404),
    PageType("bad parameter", "/?limit=0", 400),
)  # fmt: skip
