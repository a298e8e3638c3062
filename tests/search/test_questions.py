"""Questions in everyday words find the entry that answers them, on the first place."""

from __future__ import annotations

import pytest

from indexer.query.query import Query
from indexer.search.page import Searcher


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("BUG: bpf_jit_comp.c x86", "x86"),
        ("BpfOverrideFunction", "bpf_override_function"),
        ("longest prefix match performance", "LPM"),
        ("busy polling", "Busy Polling"),
        ("all systems go talks", "All Systems Go"),
        ("bpf updates from 2017-10-16 cpumap", "cpumap"),
        ("congestion control", "congestion control"),
        ("tcp_bpf.readme", "tcp_bpf.readme"),
        ("netdev conference call for papers", "papers"),
        ("josef bacik scheduler", "sched-time"),
        ("mickael salaun landlock", "Landlock"),
        ("85f68fe", "BPF_XADD"),
        ("docker container security pages", "55 pages"),
        ("extack netlink errors", "extack"),
        ("llvm 5.0 release notes", "llvm 5"),
        ("suricatta", "Suricata"),
        ("flamegraph heep allocation", "Flamegraphs"),
        # Everyday words for technical ones, and cities of conferences.
        ("talk in Berlin", "All Systems Go"),
        ("conference in Paris", "Kernel Recipes"),
        ("am I getting hired", "job"),
        ("a puzzle with XDP", "adventure"),
        ("deprecated samples", "obsolete"),
        ("ports to bsd", "FreeBSD"),
    ],
)
def test_a_question_finds_its_answer_first(searcher: Searcher, question: str, title: str) -> None:
    assert title.lower() in searcher.search(Query(question)).hits[0].record["title"].lower()


def test_a_word_with_related_words_is_not_read_as_a_part_of_another(searcher: Searcher) -> None:
    page = searcher.search(Query("berlin"))  # which subscriberlink contains
    assert page.closest
    assert not any("subscriberlink" in notice for notice in page.notices)


@pytest.mark.parametrize(
    "question",
    [
        "kubecon",
        "af_xdp socket",
        "bpf ring buffer",
        "issue 20",
        "december 2017",
        "bpf_timer_init",
        "talks from 2019",
        "v5.4",
    ],
)
def test_a_question_without_an_answer_reports_that(searcher: Searcher, question: str) -> None:
    page = searcher.search(Query(question))
    assert page.closest or not page.total
