"""Which entries link to a page: those about it, and those that mention its address."""

from __future__ import annotations

from indexer.annotating.addresses import same_page
from indexer.model import KINDS
from indexer.storage.index import Index
from indexer.views.briefs import holding

TELLING = tuple(kind for kind in KINDS if kind != "patch")


class Linking:
    """The pages that entries link to; of patches, which link to themselves alone, none are read."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._docs: dict[str, list[int]] = {}
        for doc in holding(index, "kind", *TELLING).tolist():
            record = index.stored(doc)
            urls = [link["url"] for link in record["links"]] + [record["url"] or ""]
            for page in dict.fromkeys(same_page(url) for url in urls if url):
                self._docs.setdefault(page, []).append(doc)

    def to(self, url: str) -> list[int]:
        """Return the entries other than patches that link to a page, in reading order."""
        return self._docs.get(same_page(url), [])


def linking_to(index: Index, url: str) -> list[int]:
    """Return the entries other than patches that link to a page, in reading order."""
    return index.once(Linking).to(url)
