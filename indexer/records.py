"""Convert entries to JSON objects and back, for `parse`, the index and the API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields
from functools import cache
from operator import itemgetter
from typing import Any

from indexer import model  # its types are imported when they are used, since a search reads only the records

TUPLES = ("people", "section", "identifiers", "helpers", "topics")
OUTCOME = ("outcome", "commit", "repository", "release", "source", "grade", "commit_url")
PLAIN = (
    "newsletter issue n id kind title url author people section parent body identifiers helpers topics locator "
    "tree series version line original_url source_url archived_url"
).split()


def to_record(entry: model.Entry) -> dict[str, Any]:
    """Return the JSON object of an entry, without its blocks."""
    record: dict[str, Any] = {name: getattr(entry, name) for name in PLAIN}
    record |= {name: list(record[name]) for name in TUPLES}
    if entry.facet:
        record[entry.facet] = [
            {"version": v.version, "how": v.how, "evidence": v.evidence, "url": v.url or None} for v in entry.versions
        ]
    record["outcome"] = outcome_record(entry.outcome) if entry.outcome else None
    record["corrections"] = [
        {"field": c.field, "before": c.before, "reason": c.reason, "source": c.source or None}
        for c in entry.corrections
    ]
    record["links"] = [
        {"url": each.url, "current_url": each.current_url, "archived_url": each.archived_url, "issue": each.issue}
        for each in entry.links
    ]
    record["names"] = [{"written": n.written, "canonical": n.canonical, "reason": n.reason} for n in entry.names]
    return record


def outcome_record(outcome: model.Outcome) -> dict[str, Any]:
    """Return the JSON object of an outcome, without its entry."""
    values = {name: getattr(outcome, name) or None for name in OUTCOME if name != "outcome"}
    reverted = asdict(outcome.reverted) if outcome.reverted else None
    return {"outcome": outcome.outcome} | values | {"latest": outcome.latest or None, "reverted": reverted}


def to_stored(entry: model.Entry) -> dict[str, Any]:
    """Return the JSON object of an entry with its blocks, as the index stores it."""
    return to_record(entry) | {
        "facet": entry.facet,
        "blocks": [
            [b.kind, b.text, b.depth, [[s.start, s.end, s.kind, s.url] for s in b.spans], b.line, b.gap]
            for b in entry.blocks
        ],
    }


def from_stored(record: dict[str, Any]) -> model.Entry:
    """Return the entry from an object that `to_stored` made."""
    values = record | {name: tuple(record[name]) for name in TUPLES}
    values["versions"] = tuple(
        model.Version(v["version"], v["how"], v["evidence"], v["url"] or "") for v in record.get(record["facet"], ())
    )
    values["outcome"] = outcome_of(record)
    values["corrections"] = tuple(
        model.Correction(c["field"], c["before"], c["reason"], c["source"] or "") for c in record["corrections"]
    )
    values["links"] = tuple(model.Link(**each) for each in record["links"])
    values["names"] = tuple(model.Name(n["written"], n["canonical"], n["reason"]) for n in record["names"])
    values["blocks"] = tuple(
        model.Block(kind, text, depth, tuple(model.Span(*span) for span in spans), line, gap)
        for kind, text, depth, spans, line, gap in record["blocks"]
    )
    return model.Entry(*in_order()(values))  # much faster than with names


@cache
def in_order() -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    """Return the function that takes the values of an entry from a dictionary, in the order of its fields."""
    return itemgetter(*(field.name for field in fields(model.Entry)))


def outcome_of(record: dict[str, Any]) -> model.Outcome | None:
    """Return the outcome in an entry's object, or None."""
    held = record["outcome"]
    return model.Outcome(record["id"], **{name: held[name] or "" for name in OUTCOME}) if held else None


def copied(value: Any) -> Any:
    """Return a copy of a value of JSON, in a fraction of the time of `deepcopy`."""
    if isinstance(value, dict):
        return {key: copied(each) for key, each in value.items()}
    return [copied(each) for each in value] if isinstance(value, list) else value
