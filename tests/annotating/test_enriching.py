"""Enriching: kinds, people, identifiers, kernel versions with evidence, topics and links of entries."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.annotating.speakers import speaker_of
from indexer.annotating.topics import topics_of
from indexer.kernel.identifiers import identifiers_in
from indexer.kernel.subjects import parse_subject
from indexer.model import Block, Entry
from indexer.records import to_record
from tests.issues import ARCHIVE, NUMBERS, entries_of, issue_in, original_path
from tests.linux import KINDS

LINUX = ARCHIVE.profile("linux")
FACET = LINUX.version
assert FACET


def patch(subject: str, date: str = "2017-06-07") -> Entry:
    (entry,) = entries_of(f"## Patches\n\n- Jane Doe, [{subject}](https://lists.example/1)\n", date)
    return entry


def bullet(text: str, date: str = "2017-06-07") -> Entry:
    (entry,) = entries_of(f"The news\n\n- {text}\n", date)
    return entry


def item(heading: str, section: str = "In case you missed it", body: str = "Words on it.") -> Entry:
    (entry,) = entries_of(f"## {section}\n\n### {heading}\n\n{body}\n")
    return entry


def versions(entry: Entry) -> list[tuple[str, str]]:
    return [(known.version, known.how) for known in entry.versions]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Linux 4.12 was released", ["v4.12"]),
        ("v4.12-rc3 is out", ["v4.12"]),
        ("4.12-rc3 was tagged on Sunday", ["v4.12"]),
        ("the 4.11.3 kernel and kernel v4.9.31", ["v4.11", "v4.9"]),
        ("the 4.15 merge window", ["v4.15"]),
        ("works from v4.9 to v4.13", ["v4.9", "v4.13"]),
        ("tested on kernels 4.9 - 4.13", ["v4.9", "v4.13"]),
        ("tested on Linux 4.9–4.13", ["v4.9", "v4.13"]),
        ("tested on kernels 4.9-4.13", ["v4.9", "v4.13"]),
        ("runs on Linux 4.14 and 4.15", ["v4.14", "v4.15"]),
        ("bcc 0.3 on a 4.9 kernel", ["v4.9"]),
        ("LLVM 5.0.0 and LLVM 5.0 are out", []),
        ("LLVM 5.0.0-rc1 is ready", []),
        ("clang 4.0 and llvm-4.0", []),
        ("Cilium 0.9, or Cilium v0.9", []),
        ("iproute2 4.13 and iproute2 v4.13.0", []),
        ("drivers v4.10.6.1002", []),
        ("bpftool v5.4 was packaged", []),
        ("Netdev 2.2 in Seoul, page 4.13", []),
        ("version v4.99 of a script", []),
    ],
)
def test_a_kernel_version_is_stated_if_a_reader_would_see_one(text: str, named: list[str]) -> None:
    assert [version for version, _ in FACET.stated(text, LINUX.words.products)] == named


def test_a_stated_version_replaces_that_of_the_issue() -> None:
    assert versions(bullet("Linux 4.9 got a backport.")) == [("v4.9", "stated")]


def test_without_a_stated_version_the_one_of_the_issue_is_used() -> None:
    assert versions(bullet("Something was merged.", "2017-06-07")) == [("v4.13", "issue")]
    assert versions(bullet("Something was merged.", "2019-02-01")) == [("v5.1", "issue")]
    assert versions(bullet("Something was merged.", "2013-02-01")) == []


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        ("PATCH net-next", "v4.13"),
        ("PATCH net", "v4.12"),
        ("net PATCH v2 1/2", "v4.12"),
        ("RFC PATCH", "v4.13"),
        ("PATCH iproute2", "v4.13"),
    ],
)
def test_a_patch_belongs_to_the_release_that_its_tree_collects_for(tag: str, version: str) -> None:
    assert versions(patch(f"[{tag}] bpf: something", "2017-06-07")) == [(version, "issue")]


def test_a_fix_shortly_after_a_release_may_belong_to_either_release() -> None:
    kernel = patch("[PATCH net] bpf: something", "2017-11-20").versions
    assert [(known.version, known.how) for known in kernel] == [("v4.14", "issue"), ("v4.15", "issue")]
    assert all("v4.14 or v4.15" in known.evidence for known in kernel)


@pytest.mark.parametrize(
    ("subject", "date", "version"),
    [
        ("[PATCH net-next] bpf: add bpf_skb_adjust_room helper", "2017-06-07", "v4.13"),
        ("[PATCH] introduce new bpf cpu map type BPF_MAP_TYPE_CPUMAP", "2017-10-10", "v4.15"),
        ("[PATCH 3/4] bpf: add a `bpf_override_function` helper", "2017-11-20", "v4.16"),
        ("[PATCH net-next 2/5] bpf: Adding helper function `bpf_getsockops`", "2017-11-20", "v4.15"),
        ("[RFC PATCH] bpf: add helper bpf_get_stack", "2017-11-20", "v4.18"),
    ],
)
def test_a_patch_that_introduces_a_name_has_the_release_in_which_it_landed(
    subject: str, date: str, version: str
) -> None:
    assert (version, "landed") in versions(patch(subject, date))


def test_a_helper_under_discussion_landed_under_the_name_it_was_merged_as() -> None:
    entry = bullet("New helper function `bpf_override_function` under discussion.", "2017-11-20")
    assert versions(entry) == [("v4.15", "issue"), ("v4.16", "landed")]
    assert [(name.written, name.canonical) for name in entry.names] == [
        ("bpf_override_function", "bpf_override_return")
    ]
    assert "bpf_override_return" in entry.versions[-1].evidence
    assert "9802d86585db" in entry.versions[-1].url


@pytest.mark.parametrize(
    "subject",
    [
        "[PATCH] bpf: fix bpf_trace_printk on 32 bit",
        "[PATCH] bpf: add a test case for helper bpf_perf_event_read_value",
        "[PATCH] bpf: Allow cgroup sock filters to use get_current_uid_gid helper",
        "[PATCH] samples/bpf: add a sample for BPF_MAP_TYPE_CPUMAP",
        "[PATCH] bpf: document bpf_skb_adjust_room",
        "[PATCH] bpf: remove bpf_skb_adjust_room",
        "[PATCH iproute2] bpf: add support for BPF_MAP_TYPE_CPUMAP",
    ],
)
def test_a_patch_that_only_touches_a_name_has_no_landing(subject: str) -> None:
    assert {how for _, how in versions(patch(subject, "2017-06-07"))} == {"issue"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("New helper function `bpf_getsockops` with `TCP_CONGESTION`", ("bpf_getsockops", "TCP_CONGESTION")),
        ("fix read_route() and the bpf() call", ("read_route", "bpf")),
        ("XDP, BPF, netdev and cilium are words", ()),
        ("see bpf_load.c in tools/testing/selftests/bpf/", ("bpf_load.c",)),
        ("Add BPF_J{LT,LE} opcodes", ("BPF_J{LT,LE}",)),
        ("Add BPF_(PROG|MAP)_GET_NEXT_ID command", ("BPF_(PROG|MAP)_GET_NEXT_ID",)),
        ("at https://lists.example/some_page.html it says so", ()),
        ("use skb->sk_hash twice, sk_hash", ("sk_hash",)),
    ],
)
def test_identifiers_are_names_in_code(text: str, names: tuple[str, ...]) -> None:
    entry = bullet(text)
    assert entry.identifiers == names


def test_an_identifier_needs_no_markup() -> None:
    plain = identifiers_in([Block("paragraph", "It calls bpf_map_lookup_elem() now")])
    assert plain == bullet("It calls `bpf_map_lookup_elem()` now").identifiers == ("bpf_map_lookup_elem",)


def test_helpers_are_names_of_helpers_as_written() -> None:
    entry = bullet("New helpers `bpf_getsockops` and BPF_FUNC_getsockopt, not `bpf_prog_load`.")
    assert entry.helpers == ("bpf_getsockops", "BPF_FUNC_getsockopt")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("New helper function `bpf_getsockops` for options.", "helper"),
        ("The verifier learns bounds.", "feature"),
        ("[Which library to use](https://lists.example/1)", "article"),
    ],
)
def test_a_bullet_in_the_lead_has_the_kind_of_its_words(text: str, kind: str) -> None:
    assert bullet(text).kind == kind


@pytest.mark.parametrize(
    ("heading", "section", "kind"),
    [
        ("[A title](https://blog.example/1)", "In case you missed it", "article"),
        ("[A title](https://blog.example/1)", "Videos", "talk"),
        ("[a-tool](https://github.com/example/a-tool)", "Projects", "project"),
        ("[a-tool](https://github.com/example/a-tool)", "In case you missed it", "project"),
        ("[a release](https://github.com/example/a-tool/releases/tag/1)", "In case you missed it", "article"),
        ("[A title](https://www.youtube.com/watch?v=1)", "Something else", "talk"),
    ],
)
def test_an_item_has_the_kind_of_its_section_except_that_software_is_a_project(
    heading: str, section: str, kind: str
) -> None:
    assert item(heading, section).kind == kind


@pytest.mark.parametrize(
    ("title", "speaker"),
    [
        ("Netdev 2.1 - Busy Polling By Eric Dumazet", "Eric Dumazet"),
        ("Netdev 2.1 - XDP for the Rest of Us By Andy Gospodarek + Jesper Dangaard Brouer",
         "Andy Gospodarek + Jesper Dangaard Brouer"),
        ("PyCon 2017 - Alex Gartrell - Executing python functions", "Alex Gartrell"),
        ("FRNOG 28 - Quentin Monnet (6Wind) : Introduction à eBPF", "Quentin Monnet"),
        ("A Gentle Introduction to [e]BPF - Michael Schubert, Kinvolk GmbH", "Michael Schubert"),
        ("XDP - eXpress Data Path", None),
        ("LISA17 Container Performance Analysis", None),
    ],
)  # fmt: skip
def test_the_author_of_a_talk_is_the_speaker_in_its_title(title: str, speaker: str | None) -> None:
    assert speaker_of(title, LINUX.words.not_people) == speaker


@pytest.mark.parametrize(
    ("title", "tree", "version", "place", "words"),
    [
        ("[PATCH net-next v2 3/7] bpf: x", "net-next", 2, (3, 7), "bpf: x"),
        ("[net PATCH 0/5] sockmap: x", "net", 1, (0, 5), "sockmap: x"),
        ("[PATCH 1/2] [net-next] bpf: x", "net-next", 1, (1, 2), "bpf: x"),
        ("[net-next V8 PATCH 1/5] x", "net-next", 8, (1, 5), "x"),
        ("[PATCH 0/4] [v6] Add x", None, 6, (0, 4), "Add x"),
        ("[llvm] r318615 - [bpf] remove x", "llvm", 1, (None, None), "r318615 - [bpf] remove x"),
        ("net-next 00/15 pull request: x", "net-next", 1, (None, None), "net-next 00/15 pull request: x"),
        ("tools: bpf: x", None, 1, (None, None), "tools: bpf: x"),
    ],
)
def test_a_subject_has_a_tree_a_version_and_a_position_in_its_series(
    title: str, tree: str | None, version: int, place: tuple[int | None, int | None], words: str
) -> None:
    subject = parse_subject(title)
    assert (subject.tree, subject.version, (subject.number, subject.total), subject.words) == (
        tree, version, place, words,
    )  # fmt: skip


def test_topics_are_those_of_the_reference_or_else_other() -> None:
    known = {topic.id for topic in LINUX.topics} | {"other"}
    assert known == set(
        "xdp verifier jit maps helpers tracing tc sockets cgroups offload security containers toolchain tools "
        "userspace-bpf testing docs networking introspection community other".split()
    )
    assert bullet("Nothing of the kind was seen.").topics == ("other",)


def test_topics_are_found_in_whole_words_and_identifiers() -> None:
    assert "xdp" in bullet("Now `bpf_xdp_adjust_head` is there.").topics
    assert "xdp" not in bullet("Now xdpsomething is there.").topics
    assert "verifier" in bullet("The Verifier learns.").topics


def test_a_patch_without_topics_takes_those_of_its_series() -> None:
    cover = "- Jane Doe, [[PATCH 0/2] bpf: verifier pruning](https://lists.example/1)"
    child = "  - [[PATCH 2/2] more of the same](https://lists.example/2)"
    first, second = entries_of(f"## Patches\n\n{cover}\n{child}\n")
    assert "verifier" in first.topics
    assert "verifier" in second.topics


def test_an_unpublished_issue_has_no_links() -> None:
    entry = bullet("Something was merged.")
    assert (entry.original_url, entry.source_url, entry.archived_url) == (None, None, None)


def test_a_newsletter_without_kernels_has_no_versions() -> None:
    (entry,) = entries_of("News\n\n- Linux 4.12 is out.\n", newsletter="another-one")
    assert entry.versions == ()


@pytest.fixture(scope="module")
def scores(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    """Return the scores of the reference tool for the originals, by group of entries."""
    entries = [entry for number in NUMBERS for entry in issue_in(original_path(shared, number)).entries]
    predicted = tmp_path_factory.mktemp("scores") / "entries.jsonl"
    predicted.write_text("".join(json.dumps(to_record(entry)) + "\n" for entry in entries), encoding="utf-8")
    tool = [sys.executable, shared / "tools" / "score_entries.py", shared / "gold", predicted, "--json"]
    ran = subprocess.run(tool, capture_output=True, text=True, check=True, timeout=300)
    return {group: found["figures"] for group, found in json.loads(ran.stdout).items()}


@pytest.mark.shared
@pytest.mark.parametrize("group", ["patches", "others"])
@pytest.mark.parametrize(
    ("figure", "bound"),
    [
        ("entries.f1", 0.95),
        ("kind.accuracy", 0.9),
        ("url.accuracy", 0.95),
        ("title.accuracy", 0.95),
        ("kernel.accuracy", 0.9),
    ],
)
def test_the_annotated_issues_are_divided_as_by_hand(
    scores: dict[str, dict[str, float]], group: str, figure: str, bound: float
) -> None:
    assert scores[group][figure] >= bound


@pytest.mark.shared
@pytest.mark.parametrize("figure", ["author.accuracy", "parent.accuracy"])
def test_the_annotated_patches_have_author_and_parent_as_by_hand(
    scores: dict[str, dict[str, float]], figure: str
) -> None:
    assert scores["patches"][figure] >= 0.95


@pytest.mark.shared
@pytest.mark.parametrize("number", NUMBERS)
def test_each_patch_of_an_original_has_an_author_and_a_link(shared: Path, number: int) -> None:
    patches = [entry for entry in issue_in(original_path(shared, number)).entries if entry.kind == "patch"]
    assert patches
    assert [entry.title for entry in patches if not entry.author or not entry.url] == []


@pytest.mark.shared
@pytest.mark.parametrize("number", NUMBERS)
def test_fields_of_original_entries_have_valid_values(shared: Path, number: int) -> None:
    for entry in issue_in(original_path(shared, number)).entries:
        assert entry.kind in KINDS
        assert entry.topics
        assert set(entry.helpers) <= set(entry.identifiers)
        hows = [known.how for known in entry.versions]
        assert ("stated" in hows) != ("issue" in hows), entry.id


@pytest.mark.parametrize(
    ("words", "versions"),
    [
        ("It requires kernel >= 4.9 to run.", ["v4.9"]),
        ("It landed in 4.15 at last.", ["v4.15"]),
        ("Available since 4.8 only.", ["v4.8"]),
        ("On the 4.14 LTS kernel.", ["v4.14"]),
        ("It works on 4.4, 4.9 and 4.14 kernels.", ["v4.4", "v4.9", "v4.14"]),
        ("Suricata v4.0, DPDK v3.16 and OpenSSH v7.2 are out.", []),
    ],
)
def test_kernels_are_distinguished_from_other_software_in_plain_wordings(words: str, versions: list[str]) -> None:
    [entry] = entries_of(f"## Projects\n\n#### [a tool](https://github.com/a/b)\n\n{words}\n")
    assert [k.version for k in entry.versions if k.how == "stated"] == versions


@pytest.mark.parametrize(
    ("subject", "introduced"),
    [
        ("bpf: create bpf_sock_hash_update helper", True),
        ("bpf: provide bpf_spin_lock helper", True),
        ("bpf: Add warning when bpf_get_stack fails", False),
        ("bpf: add bpf_get_stack to the list of traced functions", False),
        ("bpf: introduce a way for bpf_get_stack to sleep", False),
    ],
)
def test_only_a_subject_that_introduces_an_identifier_has_its_landing(subject: str, introduced: bool) -> None:
    [entry] = entries_of(f"## Patches\n\n- Ann Example, [[PATCH net-next] {subject}](https://example.org/1)\n")
    assert any(k.how == "landed" for k in entry.versions) is introduced


@pytest.mark.parametrize(
    ("title", "speaker"),
    [
        ("Red Hat - XDP in RHEL", None),
        ("Strange Loop - BPF in anger", None),
        ("Load Balancing - Martin Lau", "Martin Lau"),
        ("SREcon Asia - Brendan Gregg - Tracing", "Brendan Gregg"),
        ("eBPF, by Lawrence Brakmo (Example)", "Lawrence Brakmo"),
    ],
)
def test_a_speaker_is_distinguished_from_events_and_companies(title: str, speaker: str | None) -> None:
    [entry] = entries_of(f"## Videos\n\n### [{title}](https://example.org/v)\n\nA talk.\n")
    assert entry.author == speaker


@pytest.mark.parametrize("long", ["日本", "track_", "visualis_", "本x"])
def test_an_endless_word_has_no_topic_and_does_not_hang(long: str) -> None:
    text = f"A verifier fix: {long * 500_000}"
    assert topics_of("", text, None, (), LINUX.topics, None) == ("verifier",)
