"""Propose a newsletter's table as TOML with reasons, or as changes to an existing table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.inferring.findings import Finding, Sample, counted, number_of
from indexer.inferring.language import language_of
from indexer.inferring.naming import home_of, labels_of, name_of, page_of
from indexer.inferring.repeats import boilerplate_of, introductions_of
from indexer.inferring.sections import sections_of
from indexer.model import Newsletter
from indexer.profile.profiles import Profile

TABLES = ("sections", "shapes")
COMMENTS = {
    "name": "The newsletter's name on pages.",
    "home": "The newsletter's website. It completes links that begin with /.",
    "language": "The language of the issues, as a tag.",
    "page": "The URL of an issue's page.",
    "origins": "Where the issues come from, relative to the archive folder.",
    "layout": "Each issue is a folder with one file per item.",
    "titles": "Patterns that find the number of an issue in its title or URL.",
    "files": "Patterns that find the number or date of an issue in its file name.",
    "boilerplate": "Patterns of paragraphs that are not entries.",
    "introductions": "Short paragraphs without links at the start of an issue or list: boilerplate or commentary.",
    "groups": "Headings that only group the sections below them.",
    "sections": "The kind of the entries in each section. Section names are in lower case.",
    "shapes": "How sections divide: item (one entry), bullets, paragraphs (each with a link), or boilerplate.",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """Findings about a newsletter from a sample of its issues."""

    id: str
    findings: tuple[Finding, ...]
    issues: int

    def values(self) -> dict[str, Any]:
        """Return the table as nested values."""
        return {finding.key: finding.value for finding in self.findings}


def propose(name: str, samples: Sequence[Sample], profile: Profile, origins: Sequence[Finding] = ()) -> Proposal:
    """Infer the table from a sample of a newsletter's issues; `origins` are the findings on where they came from."""
    named = name_of(samples, name.replace("-", " ").title())
    home = home_of(samples)
    found = [
        named,
        *([home] if home else []),
        *language_of(samples),
        *origins,
        *layout_of(samples),
        *labels_of(samples),
    ]
    if page := page_of(samples, home.value if home else ""):
        found.append(page)
    repeated = boilerplate_of(samples)
    patterns = tuple(pattern for finding in repeated for pattern in finding.value)
    newsletter = Newsletter(name, named.value, boilerplate=patterns)
    found += repeated
    found += introductions_of(samples, newsletter)
    found += sections_of(samples, newsletter, profile)
    return Proposal(name, tuple(found), len(samples))


def layout_of(samples: Sequence[Sample]) -> list[Finding]:
    """Return the layout finding if issues are folders with one file for each item."""
    joined = [sample for sample in samples if sample.document.heads]
    if not joined:
        return []
    why = f"{counted(len(joined), len(samples))} are folders of items, such as {joined[0].file}."
    return [Finding("layout", "items", why)]


def as_toml(proposal: Proposal) -> str:
    """Return the proposal as the text of a newsletter.toml, each key with its reason."""
    import tomlkit

    made = tomlkit.document()
    made.add(
        tomlkit.comment(
            f"backissue inferred this table from {number_of('issue', proposal.issues)}. Edit it as you like."
        )
    )
    made.add(tomlkit.comment("If you run `backissue init` again, it proposes changes and never overwrites your edits."))
    for finding in sorted(proposal.findings, key=lambda finding: finding.key in TABLES):
        made.add(tomlkit.nl())
        if finding.key in TABLES:
            table = tomlkit.table()
            table.comment(COMMENTS[finding.key])
            for key, value in finding.value.items():
                table.add(key, value)
            made.add(finding.key, table)
            continue
        made.add(tomlkit.comment(f"{COMMENTS[finding.key]} {finding.why}".replace("\n", " ")))
        made.add(finding.key, item_of(finding.value))
    return tomlkit.dumps(made)


def item_of(value: Any) -> Any:
    """Return a value as TOML: patterns as literal strings, lists on several lines."""
    import tomlkit

    if not isinstance(value, list):
        return tomlkit.item(value)
    array = tomlkit.array()
    for each in value:
        array.append(tomlkit.string(each, literal="\\" in each and "'" not in each))
    return array.multiline(len(value) > 1)


def changes(proposal: Proposal, there: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence with a suggested line for each key that a table lacks or has with another value."""
    for finding in proposal.findings:
        has = there.get(finding.key)
        if has is None:
            yield f"{finding.key} is missing. {finding.why} Write: {line(finding.key, finding.value)}"
        elif isinstance(finding.value, dict):
            known = {*has, *there.get("groups", ())}
            for name, value in finding.value.items():
                if name not in known:
                    yield f"[{finding.key}] lacks a section that several issues have. Write: {line(name, value)}"
        elif isinstance(finding.value, list):
            known = {*has, *there.get("sections", {})}
            for value in finding.value:
                if value not in known:
                    yield f"{finding.key} lacks a value. {finding.why} Add: {line('', value)}"
        elif has != finding.value:
            yield f"{finding.key} is {has!r}. {finding.why} Proposed: {line(finding.key, finding.value)}"


def line(key: str, value: Any) -> str:
    """Return a key and its value as one line of TOML."""
    import tomlkit

    if isinstance(value, dict):
        return f"[{key}] with " + ", ".join(line(name, each) for name, each in value.items())
    text = item_of(value).as_string() if not isinstance(value, list) else str(value)
    return f"{tomlkit.key(key).as_string()} = {text}" if key else text
