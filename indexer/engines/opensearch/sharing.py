"""Parse issues on several machines for one build: each claims an issue, parses it, and stores it in the cluster."""

from __future__ import annotations

import hashlib
import json
import socket
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from indexer.build.builder import NONE_PARSED, Builder, Parsed, Progress
from indexer.build.parsing import Read, read, where_of
from indexer.build.workers import in_worker
from indexer.engines.opensearch.connection import BadEngine, Place, client_errors
from indexer.engines.opensearch.lease import INDEX
from indexer.engines.opensearch.requests import AT_ONCE, batches
from indexer.engines.opensearch.retrying import with_retries
from indexer.errors import UnreadableSource
from indexer.model import Division, Issue, Problem
from indexer.records import from_stored, to_stored
from indexer.sources.archive import Archive, Source

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

CLAIMED = 300  # seconds until a claim expires; parsing an issue takes less


class Shared:
    """The parsed issues in a cluster. Their ids depend on the source and on everything that affects parsing.

    `own` are issues that this process has parsed already.
    """

    def __init__(self, client: OpenSearch, place: Place, tables: str, own: Parsed = NONE_PARSED) -> None:
        self.own = own
        self.client = client
        self.place = place
        self.tables = tables
        self.index = f"{place.name}-parsed"

    def begin(self) -> None:
        """Create the index of parsed issues. Raises `BadEngine` if it exists and is not backissue's."""
        with client_errors(self.place):
            self.client.indices.create(index=self.index, body=INDEX, ignore=400)
            mappings = self.client.indices.get_mapping(index=self.index)[self.index]["mappings"]
        if "backissue" not in mappings.get("_meta", {}):
            raise BadEngine(f"The index {self.index} was not created by backissue. Set BACKISSUE_ENGINE_INDEX.")

    def claim(self, key: str) -> bool:
        """Claim an issue. Return false if another process has claimed or parsed it."""
        mine = {"host": socket.gethostname(), "until": time.time() + CLAIMED}
        with client_errors(self.place):
            if "error" not in self.client.create(index=self.index, id=key, body=mine, ignore=409):
                return True
            claim = self.client.get(index=self.index, id=key, ignore=404)
            if not claim.get("found") or "parsed" in claim["_source"] or claim["_source"]["until"] > time.time():
                return False
            same = {"if_seq_no": claim["_seq_no"], "if_primary_term": claim["_primary_term"]}
            return "error" not in self.client.index(index=self.index, id=key, body=mine, params=same, ignore=409)

    def put(self, key: str, parsed: Read) -> None:
        """Store a parsed issue."""
        with client_errors(self.place):
            self.client.index(index=self.index, id=key, body={"parsed": json.dumps(to_json(parsed))})

    def get(self, key: str) -> Read:
        """Return a parsed issue."""
        with client_errors(self.place):
            document = self.client.get(index=self.index, id=key)
        return from_json(json.loads(document["_source"]["parsed"]))

    def parsed(self, builder: Builder) -> Parsed:
        """Return functions that load the parsed issues of a build, by newsletter/label."""
        keys = {self.key(source, builder.made_of[str(source.key)]): str(source.key) for source in builder.unread}
        found: dict[str, Callable[[], Read]] = {}
        for some in batches(list(keys), AT_ONCE):
            body = {"ids": some}
            with client_errors(self.place):
                if not self.client.indices.exists(index=self.index):
                    return self.own
                docs = self.client.mget(index=self.index, body=body, params={"_source_includes": "until"})["docs"]
            done = [each["_id"] for each in docs if each.get("found") and "until" not in each["_source"]]
            found |= {keys[key]: partial(with_retries, partial(self.get, key)) for key in done}
        return found | dict(self.own)

    def end(self) -> None:
        """Remove the parsed issues, after a build has published them."""
        with client_errors(self.place):
            mapping = self.client.indices.get_mapping(index=self.index, ignore=404).get(self.index)
            if mapping and "backissue" in mapping["mappings"].get("_meta", {}):
                self.client.indices.delete(index=self.index, ignore=404)

    def key(self, source: Source, made_of: str) -> str:
        """Return the document id of an issue."""
        return hashlib.sha256(json.dumps([str(source.key), made_of, self.tables]).encode()).hexdigest()


def parse_some(builder: Builder, shared: Shared, archive: Archive, progress: Progress) -> int:
    """Parse the issues that no machine has parsed or claimed. Return their number."""
    shared.begin()
    done = 0
    for n, source in enumerate(builder.unread):
        progress(n, len(builder.unread))
        key = shared.key(source, builder.made_of[str(source.key)])
        if not with_retries(partial(shared.claim, key)):
            continue
        try:
            parsed = in_worker(partial(read, archive), source, where_of)
        except UnreadableSource:
            continue  # the build reports the problem
        with_retries(partial(shared.put, key, parsed))
        done += 1
    return done


def to_json(parsed: Read) -> dict[str, Any]:
    """Return the parts of a parsed issue that a build needs, and its problems, as a JSON object."""
    issue, problems = parsed
    return {"issue": issue and issue_json(issue), "problems": [[p.where, p.line, p.message] for p in problems]}


def issue_json(issue: Issue) -> dict[str, Any]:
    return {
        "values": [issue.newsletter, issue.label, issue.title, issue.date and issue.date.isoformat(), issue.url],
        "edition": issue.edition,
        "entries": [to_stored(entry) for entry in issue.entries],
    }


def from_json(parsed: dict[str, Any]) -> Read:
    """Return the issue and problems from an object of `to_json`."""
    problems = [Problem(*each) for each in parsed["problems"]]
    if not parsed["issue"]:
        return None, problems
    newsletter, label, title, date, url = parsed["issue"]["values"]
    entries = tuple(from_stored(each) for each in parsed["issue"]["entries"])
    when = datetime.fromisoformat(date) if date else None
    return Issue(
        newsletter, label, title, when, url, parsed["issue"]["edition"], entries, Division((), (), ())
    ), problems
