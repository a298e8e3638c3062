"""What is known about a name, a version, a series, an issue or a person, and related entries."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from functools import cache

import pytest

from indexer.analysis import expanded
from indexer.catalog.protocol import Catalog
from indexer.engines.local import LocalCatalog
from indexer.model import HOWS, Entry
from indexer.query.tree import Match
from indexer.query.versions import version_key
from indexer.sources.archive import Archive
from indexer.storage.index import Index
from indexer.views import lookup
from indexer.views.briefs import most_first
from indexer.views.identifier_lookup import Names, names
from indexer.views.identifiers import NameAbout, name_of, nearest_names
from indexer.views.issues import issue_of, newest
from indexer.views.merge_reports import merged_in
from indexer.views.people import people, person_of
from indexer.views.related import MOST, related_to
from indexer.views.series import SeriesAbout, series_of
from indexer.views.versions import VersionAbout, version_of, versions

BPF = "bpf-updates"
HELPER = f"{BPF}/13/new-helper-function-bpf-getsockops"
ARM = "arm-ebpf-jit-compiler-shubham-bansal"
PERF = "bpf-add-two-helpers-to-read-perf-event-enabled-running-time-yonghong-song"
ODD = ["", " ", "()", "___", "\ud800", "\0", "v", "%s", "x" * 100_000, "9" * 10_000, "é" * 300]


@cache
def entries(catalog: Catalog) -> tuple[Entry, ...]:
    return tuple(catalog.find())


def name(catalog: Catalog, text: str) -> NameAbout:
    found = name_of(catalog, text)
    assert found is not None
    return found


def kernel(catalog: Catalog, version: str) -> VersionAbout:
    found = version_of(catalog, "kernel", version)
    assert found is not None
    return found


def series(catalog: Catalog, series_id: str) -> SeriesAbout:
    found = series_of(catalog, series_id)
    assert found is not None
    return found


def ids(found: object) -> list[str]:
    """Return the ids of all brief entries in a value, in order."""
    if isinstance(found, dict):
        return [found["id"]] if "section" in found else [each for inner in found.values() for each in ids(inner)]
    return [each for inner in found for each in ids(inner)] if isinstance(found, list | tuple) else []


# names


@pytest.mark.parametrize(
    "written",
    [
        "bpf_getsockops",
        "bpf_getsockopt",
        "BPF_GETSOCKOPT()",
        " `bpf_getsockopt()` ",
        "BPF_FUNC_getsockopt",
        "getsockopt",
    ],
)
def test_the_helper_of_the_walkthrough_is_found_in_every_spelling(catalog: Catalog, written: str) -> None:
    found = name(catalog, written)
    assert (found.name, found.kind, found.version, found.commit) == (
        "bpf_getsockopt",
        "helper",
        "v4.15",
        "cd86d1fd2102",
    )
    assert HELPER in [mention.entry.id for mention in found.mentions]
    assert {mention.written for mention in found.mentions} == {"bpf_getsockops"}


def test_a_name_has_the_reason_for_other_spellings(catalog: Catalog) -> None:
    [alias] = name(catalog, "bpf_getsockopt").aliases
    assert alias.name == "bpf_getsockops"
    assert "cd86d1fd2102" in alias.why


def test_a_name_links_to_documentation_commit_sources_and_mailing_lists(catalog: Catalog) -> None:
    assert [link.url for link in name(catalog, "bpf_getsockopt").links] == [
        "https://docs.ebpf.io/linux/helper-function/bpf_getsockopt/",
        "https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/commit/?id=cd86d1fd2102",
        "https://elixir.bootlin.com/linux/v4.15/ident/bpf_getsockopt",
        "https://lore.kernel.org/all/?q=%22bpf_getsockopt%22",
        "https://lore.kernel.org/all/?q=%22bpf_getsockops%22",
    ]


def test_program_types_and_map_types_link_to_their_documentation(catalog: Catalog) -> None:
    program, mapped = name(catalog, "sk_lookup"), name(catalog, "devmap")
    assert program.links[0].url == "https://docs.ebpf.io/linux/program-type/BPF_PROG_TYPE_SK_LOOKUP/"
    assert mapped.links[0].url == "https://docs.ebpf.io/linux/map-type/BPF_MAP_TYPE_DEVMAP/"


def test_a_name_shows_where_its_sources_disagree(catalog: Catalog) -> None:
    found = name(catalog, "bpf_get_prandom_u32")
    assert found.disputed
    assert [(claim.source, claim.version, claim.differs) for claim in found.claims] == [
        ("ebpf-docs", "v4.17", "version"),
        ("bcc", "v4.1", ""),
    ]


def test_a_name_from_only_one_source_is_unchecked(catalog: Catalog) -> None:
    found = name(catalog, "BPF_PROG_QUERY")
    assert (found.kind, found.checked, len(found.claims)) == ("syscall command", False, 1)


def test_a_helper_and_a_command_of_one_name_are_distinguished_by_their_case(catalog: Catalog) -> None:
    assert name(catalog, "bpf_map_lookup_elem").kind == "helper"
    assert name(catalog, "BPF_MAP_LOOKUP_ELEM").kind == "syscall command"


def test_alternatives_in_one_name_mention_each_of_them(catalog: Catalog) -> None:
    written = [mention.written for mention in name(catalog, "BPF_MAP_GET_NEXT_ID").mentions]
    assert written == ["BPF_(PROG|MAP)_GET_NEXT_ID"] * 2


def test_a_map_with_a_coined_word_is_mentioned_wherever_that_occurs(catalog: Catalog) -> None:
    word = re.compile(r"\bsockmap\b", re.I)
    wanted = [each.id for each in entries(catalog) if word.search(f"{each.title} {each.body}")]
    assert [mention.entry.id for mention in name(catalog, "BPF_MAP_TYPE_SOCKMAP").mentions] == wanted


def test_an_identifier_without_a_version_has_a_note(catalog: Catalog) -> None:
    found = name(catalog, "bpf_skb_adjust_net")
    assert (found.version, found.kind) == (None, None)
    assert "bpf_skb_adjust_room" in found.note


def test_every_identifier_of_every_entry_mentions_a_name_that_is_known(catalog: Catalog) -> None:
    for entry in entries(catalog):
        for written in entry.identifiers:
            assert entry.id in [mention.entry.id for mention in name(catalog, written).mentions], written


def test_mentions_are_what_a_loop_over_the_entries_finds(catalog: Catalog) -> None:
    for wanted in ("bpf_getsockopt", "BPF_PROG_TEST_RUN", "bpf_perf_event_read_value", "cls_bpf", "BPF_JLE"):
        held = [
            entry.id
            for entry in entries(catalog)
            if wanted in {each for written in entry.identifiers for each in expanded(written)}
            or wanted in [each.canonical for each in entry.names]
        ]
        assert [mention.entry.id for mention in name(catalog, wanted).mentions] == held


def test_an_entry_that_introduces_a_name_mentions_it(catalog: Catalog) -> None:
    for entry in entries(catalog):
        for version in entry.versions:
            if version.how == "landed":
                mentions = name(catalog, version.evidence.partition(" landed in ")[0]).mentions
                assert entry.id in [mention.entry.id for mention in mentions]


@pytest.mark.parametrize("text", ODD)
def test_an_unknown_name_is_none_and_not_an_error(catalog: Catalog, text: str) -> None:
    assert name_of(catalog, text) is None
    assert len(nearest_names(catalog, text)) <= 5


def test_an_unknown_name_has_similar_ones(catalog: Catalog) -> None:
    assert nearest_names(catalog, "bpf_getsokopt")[0] == "bpf_getsockopt"
    assert nearest_names(catalog, "adjust_meta")[0] == "bpf_xdp_adjust_meta"
    assert nearest_names(catalog, "tail call")[0] == "bpf_tail_call"
    assert len(nearest_names(catalog, "bpf_xdp", most=3)) == 3


# kernels


def test_a_kernel_has_its_dates_and_neighbours(catalog: Catalog) -> None:
    found = kernel(catalog, "4.15")
    assert (found.version, found.previous, found.next) == ("v4.15", "v4.14", "v4.16")
    assert (found.opened, found.rc1, found.released) == ("2017-11-12", "2017-11-26", "2018-01-28")


def test_landings_in_a_kernel_have_the_entries_that_mention_them(catalog: Catalog) -> None:
    helpers = next(each for each in kernel(catalog, "v4.15").landed if each.kind == "helper").names
    found = next(each for each in helpers if each.landing.name == "bpf_getsockopt")
    assert found.landing.commit == "cd86d1fd2102"
    assert found.mentions == name(catalog, "bpf_getsockopt").mentions


def test_the_entries_of_each_kernel_equal_those_of_a_loop(catalog: Catalog) -> None:
    for version in sorted(catalog.count("kernel")):
        listed: set[str] = set()
        for how, known in zip(HOWS, kernel(catalog, version).known, strict=True):
            wanted = {e.id for e in entries(catalog) if (version, how) in [(k.version, k.how) for k in e.versions]}
            held = [*ids(asdict(known)), *known.patches]
            assert (known.how, known.count) == (how, len(wanted))
            assert sorted(held) == sorted(wanted - listed)
            assert known.above + len(held) == known.count
            listed |= wanted


def test_fixes_have_a_fixing_subject_or_a_fixes_tree(catalog: Catalog) -> None:
    fixes = kernel(catalog, "v4.14").known[-1].fixes
    assert fixes
    assert all(each.kind == "patch" and ("fix" in each.title.lower() or each.tree == "net") for each in fixes)


def test_the_talks_of_a_kernel_are_from_its_development(catalog: Catalog) -> None:
    wanted = [e.id for e in entries(catalog) if e.kind == "talk" and "v4.13" in [k.version for k in e.versions]]
    assert [talk.id for talk in kernel(catalog, "v4.13").talks] == wanted


def test_kernels_are_listed_without_gaps_newest_first(catalog: Catalog) -> None:
    found = versions(catalog, "kernel")
    assert [each.version for each in found] == [f"v4.{minor}" for minor in range(16, 0, -1)]
    assert {each.version for each in found if each.entries} == set(catalog.count("kernel"))
    assert sorted(found, key=lambda each: version_key(each.version), reverse=True) == list(found)


def test_a_kernel_without_entries_has_its_landings(catalog: Catalog) -> None:
    found = kernel(catalog, "V6.10")
    assert found.landed
    assert [known.count for known in found.known] == [0, 0, 0, 0]


@pytest.mark.parametrize("text", [*ODD, "v9.99", "4"])
def test_an_unknown_kernel_is_none_and_not_an_error(catalog: Catalog, text: str) -> None:
    assert version_of(catalog, "kernel", text) is None


@pytest.mark.parametrize("text", ["4.15", "V4.15", "v4.15-rc1", "v4.15.3"])
def test_release_candidates_and_updates_belong_to_their_kernel(catalog: Catalog, text: str) -> None:
    assert kernel(catalog, text).version == "v4.15"


# series


def test_a_series_has_its_versions_from_first_to_last(catalog: Catalog) -> None:
    found = series(catalog, ARM)
    assert (found.author, found.subject) == ("Shubham Bansal", "arm: eBPF JIT compiler")
    assert [(each.issue, each.version) for each in found.versions] == [
        (f"{BPF}/4", 1),
        (f"{BPF}/5", 2),
        (f"{BPF}/10", 4),
    ]


def test_each_series_has_each_of_its_patches_once(catalog: Catalog) -> None:
    for series_id in sorted(catalog.count("series")):
        wanted = [entry.id for entry in entries(catalog) if entry.series == series_id]
        found = [patch for each in series(catalog, series_id).versions for patch in ids(asdict(each))]
        assert sorted(found) == sorted(wanted)


def test_the_versions_of_a_series_equal_those_of_a_loop(catalog: Catalog) -> None:
    for series_id in sorted(catalog.count("series")):
        wanted = {(f"{e.newsletter}/{e.issue}", e.version) for e in entries(catalog) if e.series == series_id}
        assert {(each.issue, each.version) for each in series(catalog, series_id).versions} == wanted


def test_a_cover_letter_has_the_patches_below_it(catalog: Catalog) -> None:
    first = series(catalog, PERF).versions[0]
    assert first.cover is not None
    assert {patch.parent for patch in first.patches} == {first.cover.id}
    assert [patch.title.split()[3] for patch in first.patches] == ["1/4]", "2/4]", "3/4]", "4/4]"]


def test_the_outcome_of_a_series_has_its_evidence(catalog: Catalog) -> None:
    outcomes = {outcome.entry.id: outcome.why for outcome in series(catalog, PERF).outcomes}
    merged = f"{BPF}/12/bpf-perf-event-read-value-helper-function-series"
    assert outcomes[merged] == "names bpf_perf_event_read_value, as the series does"


def test_an_outcome_is_not_older_than_the_series(catalog: Catalog) -> None:
    for series_id in sorted(catalog.count("series")):
        found = series(catalog, series_id)
        assert all(each.entry.date >= found.versions[0].date and each.entry.kind != "patch" for each in found.outcomes)


def test_a_link_to_a_patch_is_a_report_on_its_series(catalog: Catalog) -> None:
    [outcome] = series(catalog, "ip-initial-support-for-extack-errors-david-ahern").outcomes
    assert outcome.why.startswith("links to [PATCH net-next iproute2 0/3]")


def test_a_report_that_a_series_was_merged_belongs_to_that_series(catalog: Catalog) -> None:
    said = {
        (outcome.entry.title, series_id)
        for series_id in sorted(catalog.count("series"))
        for outcome in series(catalog, series_id).outcomes
        if outcome.why == "says that it was merged"
    }
    assert said == {
        ("ARM eBPF JIT got merged at last", ARM),
        ("MIPS eBPF JIT got merged: its patches were applied", "mips-implement-ebpf-jit-david-daney"),
    }


@pytest.mark.parametrize(
    ("title", "what"),
    [
        ("ARM eBPF JIT got finally merged", "arm ebpf jit"),
        ("The new SOCKET_OPS series has been merged.", "socket ops"),
        ("A driver's patches were applied", "a driver s"),
        ("ARM eBPF JIT was not merged", ""),
        ("ARM eBPF JIT is almost merged", ""),
        ("ARM eBPF JIT will be merged", ""),
        ("Merged!", ""),
        ("How patches are merged into trees", "how"),
    ],
)
def test_a_report_names_what_was_merged(title: str, what: str) -> None:
    assert merged_in(title) == set(what.split())


def test_a_series_has_the_landings_of_the_names_that_it_introduces(catalog: Catalog) -> None:
    found = {each.landing.name: each.landing.version for each in series(catalog, PERF).landings}
    assert found == {"bpf_perf_event_read_value": "v4.15", "bpf_perf_prog_read_value": "v4.15"}


@pytest.mark.parametrize("text", ODD)
def test_an_unknown_series_is_none_and_not_an_error(catalog: Catalog, text: str) -> None:
    assert series_of(catalog, text) is None


# issues


def test_each_issue_has_its_entries_once_and_in_reading_order(catalog: Catalog) -> None:
    for number in range(1, 14):
        found = issue_of(catalog, BPF, number)
        assert found is not None
        assert ids(asdict(found)) == [entry.id for entry in catalog.find(Match("issue", f"{BPF}/{number}"))]
        assert sum(found.issue.kinds.values()) == found.issue.entries


def test_a_section_has_its_entries_with_patches_under_their_cover(catalog: Catalog) -> None:
    found = issue_of(catalog, BPF, 13)
    assert found is not None
    for section in found.sections:
        for nested in section.entries:
            assert nested.entry.section == section.path
            assert nested.entry.parent is None
            assert {patch.parent for patch in nested.below} <= {nested.entry.id}


def test_issues_have_their_neighbours(catalog: Catalog) -> None:
    found = [issue_of(catalog, BPF, number) for number in (1, 7, 13)]
    around = [(each.previous, each.next) for each in found if each]
    assert around == [(None, f"{BPF}/2"), (f"{BPF}/6", f"{BPF}/8"), (f"{BPF}/12", None)]


def test_the_issues_are_counted_by_kind(catalog: Catalog) -> None:
    assert [each.number for each in newest(catalog)] == list(range(13, 0, -1))
    assert sum(each.kinds["patch"] for each in newest(catalog, BPF)) == 1056
    assert list(newest(catalog, "another")) == []


def test_an_unknown_issue_is_none(catalog: Catalog) -> None:
    assert issue_of(catalog, BPF, 14) is None
    assert issue_of(catalog, "\ud800", -1) is None


# related


def test_the_helper_and_the_patch_that_adds_it_are_related(catalog: Catalog) -> None:
    entry = lookup.entry(catalog, HELPER)
    nearest = related_to(catalog, entry)[0]
    assert nearest.entry.id == f"{BPF}/13/patch-net-next-2-5-bpf-adding-helper-function-bpf-getsockops"
    assert "names bpf_getsockopt" in nearest.reason


def test_a_patch_is_related_to_itself_in_the_other_versions(catalog: Catalog) -> None:
    entry = lookup.entry(catalog, f"{BPF}/5/patch-v2-arm-ebpf-jit-compiler")
    versions = [each for each in related_to(catalog, entry) if each.entry.series == ARM]
    assert [each.reason.split(";")[0] for each in versions] == ["v1 of the same series", "v4 of the same series"]


def test_entries_about_the_same_page_are_related(catalog: Catalog) -> None:
    pages: dict[str, list[Entry]] = {}
    for entry in entries(catalog):
        pages.setdefault(entry.url or entry.id, []).append(entry)
    for same in (each for each in pages.values() if len({entry.issue for entry in each}) > 1):
        assert same[1].id in [each.entry.id for each in related_to(catalog, same[0])]


def test_no_entry_is_related_to_itself_or_to_its_own_version_of_a_series(catalog: Catalog) -> None:
    for entry in entries(catalog):
        found = [each.entry for each in related_to(catalog, entry)]
        issue = f"{entry.newsletter}/{entry.issue}"
        assert len(found) <= MOST
        assert len({each.id for each in found}) == len(found)
        assert entry.id not in [each.id for each in found]
        assert not entry.series or (entry.series, issue, entry.version) not in [
            (each.series, each.issue, each.version) for each in found
        ]


# people


def test_people_are_counted_as_in_a_loop(catalog: Catalog) -> None:
    for person in people(catalog):
        held = [entry for entry in entries(catalog) if person.name in entry.people]
        assert (person.entries, person.issues) == (len(held), len({entry.issue for entry in held}))
        assert sum(person.kinds.values()) == person.entries


def test_a_person_is_found_in_any_case(catalog: Catalog) -> None:
    found = person_of(catalog, "daniel BORKMANN")
    assert found is not None
    assert found.person.name == "Daniel Borkmann"
    assert [e.id for e in found.entries] == [
        e.id for e in entries(catalog) if e.author == "Daniel Borkmann" and e.parent is None
    ]


@pytest.mark.parametrize("text", ODD)
def test_an_unknown_person_is_none_and_not_an_error(catalog: Catalog, text: str) -> None:
    assert person_of(catalog, text) is None


# all


def test_every_view_is_json(catalog: Catalog) -> None:
    entry = lookup.entry(catalog, HELPER)
    found = [
        name(catalog, "bpf_getsockopt"),
        kernel(catalog, "v4.15"),
        series(catalog, ARM),
        issue_of(catalog, BPF, 13),
    ]
    found += [*versions(catalog, "kernel"), *newest(catalog), *related_to(catalog, entry), *people(catalog)[:3]]
    for each in found:
        assert json.loads(json.dumps(asdict(each)))


def test_derived_values_are_computed_once(catalog: Catalog) -> None:
    assert names(catalog) is names(catalog)


def test_the_names_of_an_archive_are_known_without_reading_its_entries(
    catalog: Catalog, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    stored = index.stored
    monkeypatch.setattr(index, "stored", lambda doc: read.append(doc) or stored(doc))
    known = Names(LocalCatalog(index))
    assert known.ranks == names(catalog).ranks
    assert known.introduced
    assert len(read) < len(known.ranks)


def test_the_index_has_each_landing_of_the_tables(archive: Archive, catalog: Catalog) -> None:
    for each in archive.facts.landings.values():
        claims = [[claim.source, claim.version, claim.commit] for claim in each.claims]
        wanted = [each.kind, each.version, each.commit, claims, each.note, each.checked]
        assert catalog.about.record["landings"][each.name] == wanted


def test_equal_counts_are_in_the_order_of_their_names() -> None:
    assert list(most_first({"maps": 1, "jit": 1, "xdp": 2})) == ["xdp", "jit", "maps"]
