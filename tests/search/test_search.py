"""Search results, their order and notices, compared with a loop over all entries."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import fold, terms
from indexer.catalog.answers import Hit, Page, hit_record
from indexer.errors import BadQuery
from indexer.query.query import LONGEST, Query
from indexer.records import from_stored
from indexer.search.page import Searcher
from indexer.storage.index import Index
from tests.bench.hostile import HOSTILE, answer_to
from tests.linux import SORTS, from_args, parse
from tests.oracle import Loop
from tests.search.samples import QUERIES, SOME_QUERIES

STORY = "bpf-updates/13/new-helper-function-bpf-getsockops"


@pytest.fixture(scope="module")
def loop(index: Index) -> Loop:
    entries = tuple(from_stored(index.stored(doc)) for doc in range(index.size))
    pairs = ((fold(each["written"]), fold(each["canonical"])) for each in index.metadata["aliases"])
    return Loop(entries, tuple((written, canonical) for written, canonical in pairs if canonical))


def all_hits(searcher: Searcher, query: Query) -> list[Hit]:
    """Return the hits of all pages."""
    query = replace(query, limit=100, page=1)
    first = searcher.search(query)
    rest = (searcher.search(query.on_page(page)).hits for page in range(2, first.pages + 1))
    return [*first.hits, *itertools.chain.from_iterable(rest)]


def ids(page: Page) -> list[str]:
    return [hit.record["id"] for hit in page.hits]


def marked(text: str, marks: tuple[tuple[int, int], ...]) -> set[str]:
    return {text[start:end] for start, end in marks}


@pytest.mark.parametrize("text", QUERIES)
def test_the_index_finds_what_a_loop_over_the_entries_finds(searcher: Searcher, loop: Loop, text: str) -> None:
    parsed, page = parse(text), searcher.search(Query(text, literal=True))
    expected = loop.ids(parsed.tree, parsed.filters)
    if page.closest:
        assert loop.ids(parsed.tree) == set()
    else:
        assert {hit.record["id"] for hit in all_hits(searcher, Query(text, literal=True))} == expected
        assert page.total == len(expected)


def test_most_compared_queries_find_something(searcher: Searcher) -> None:
    pages = [searcher.search(Query(text, literal=True)) for text in QUERIES]
    assert sum(page.total > 0 and not page.closest for page in pages) > len(QUERIES) * 0.7


@settings(max_examples=40, deadline=None)
@given(SOME_QUERIES)
def test_any_query_finds_what_the_loop_finds(searcher: Searcher, loop: Loop, text: str) -> None:
    page = searcher.search(Query(text, literal=True))
    expected = loop.ids(parse(text).tree)
    assert not expected if page.closest else page.total == len(expected)
    assert page.closest or set(ids(page)) <= expected


def test_an_entry_with_few_of_the_words_is_the_closest_if_none_has_more(searcher: Searcher) -> None:
    page = searcher.search(Query("lwt bpf"))
    assert (page.total > 0, page.closest) == (True, True)
    assert "No entry contains lwt." in page.notices


def test_a_series_ranks_above_its_fixes(searcher: Searcher) -> None:
    titles = [hit.record["title"] for hit in searcher.search(Query("sockmap kind:patch")).hits]
    assert titles[0] == "[net-next PATCH 00/10] BPF: sockmap and sk redirect support"
    assert "fix" not in titles[1]


def test_filters_are_accepted_as_shown_and_in_any_order(searcher: Searcher) -> None:
    assert searcher.search(Query("how:during xdp")).total == searcher.search(Query("how:issue xdp")).total > 0
    versions = Query("kernel:v4.15..v4.13")
    assert searcher.search(versions).total == searcher.search(Query("kernel:v4.13..v4.15")).total > 0


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_no_text_breaks_the_search(searcher: Searcher, text: str) -> None:
    try:
        page = searcher.search(Query(text, limit=2))
    except BadQuery:
        return
    assert len(page.hits) == min(2, page.total)


@pytest.mark.parametrize("field", ["id", "author", "kernel", "issue", "before", "after", "topic", "how"])
@pytest.mark.parametrize("value", ["\udcff", "9" * 40, "\u0663", "..", ">=", "x" * 200, "-1-1-1"])
def test_no_value_of_a_field_breaks_the_search(searcher: Searcher, field: str, value: str) -> None:
    assert searcher.search(Query(f"xdp {field}:{value}")).notices is not None
    assert searcher.search(Query(f"xdp OR {field}:{value}")).total > 0


def test_if_no_entry_has_all_words_the_closest_are_shown_with_a_notice(searcher: Searcher) -> None:
    page = searcher.search(Query("cpumap zeppelin"))
    assert page.closest
    assert any("No entry contains all your words" in notice for notice in page.notices)
    assert set(ids(page)) == set(ids(searcher.search(Query("cpumap"))))


def test_the_closest_entry_has_the_most_of_the_words(searcher: Searcher) -> None:
    first = searcher.search(Query("how did the helper bpf_getsockops become a zeppelin")).hits[0]
    assert first.record["id"] == STORY


def test_the_closest_entries_lack_excluded_words(searcher: Searcher) -> None:
    page = searcher.search(Query("xdp zeppelin -kind:patch"))
    assert page.closest
    assert page.hits
    assert all(hit.record["kind"] != "patch" for hit in page.hits)


def test_filters_do_not_affect_whether_the_closest_are_shown(searcher: Searcher) -> None:
    page = searcher.search(Query("sockmap", {"issue": ("1",)}))
    assert (page.total, page.closest) == (0, False)


def test_an_unknown_word_finds_nothing(searcher: Searcher) -> None:
    page = searcher.search(Query("zeppelin"))
    assert (page.total, page.hits, page.closest) == (0, (), False)
    assert "zeppelin" in page.searched


def test_the_story_leads_to_its_entry(searcher: Searcher) -> None:
    page = searcher.search(from_args([("q", "bpf_getsockops"), ("kernel", "v4.15")]))
    assert ids(page)[0] == STORY
    assert ("v4.15", "landed") in {(k["version"], k["how"]) for k in page.hits[0].record["kernel"]}


@pytest.mark.parametrize(
    "spelling", ["bpf_getsockops", "bpf_getsockopt", "getsockopt", "BPF_FUNC_getsockopt", "bpf_getsockopt()"]
)
def test_each_name_of_a_helper_finds_its_entry_first(searcher: Searcher, spelling: str) -> None:
    assert ids(searcher.search(Query(spelling)))[0] == STORY


@pytest.mark.parametrize("spelling", ["bpf_getsockopt", "BPF_FUNC_getsockopt", "bpf_getsockops"])
def test_another_spelling_of_a_name_is_reported_with_the_reason(searcher: Searcher, spelling: str) -> None:
    [notice] = [n for n in searcher.search(Query(spelling)).notices if "bpf_getsockops" in n]
    assert notice == "The newsletter writes bpf_getsockops; the kernel has bpf_getsockopt."
    assert "cd86d1fd2102" in notice.why


def test_a_name_without_an_alias_has_no_notice(searcher: Searcher) -> None:
    assert searcher.search(Query("bpf_redirect_map")).notices == ()


@pytest.mark.parametrize("beginning", ["verifie", "securi", "programm", "optimiz"])
def test_a_prefix_finds_the_plain_words_that_begin_with_it(searcher: Searcher, loop: Loop, beginning: str) -> None:
    begins = {e.id for e in loop.entries if any(w.startswith(beginning) for w in e.title.casefold().split())}
    assert begins
    assert begins <= {hit.record["id"] for hit in all_hits(searcher, Query(f"{beginning}*"))}


def test_a_prefix_of_many_names_finds_them_all_or_reports_the_limit(searcher: Searcher, loop: Loop) -> None:
    page = searcher.search(Query("bpf_*"))
    assert page.total == len(loop.ids(parse("bpf_*").tree)) or page.notices


@pytest.mark.parametrize("text", ['xdp "--"', "xdp --", 'xdp "..."'])
def test_punctuation_without_letters_is_not_a_word(searcher: Searcher, text: str) -> None:
    page = searcher.search(Query(text))
    assert (page.total, page.closest) == (searcher.search(Query("xdp")).total, False)


def test_a_text_without_words_finds_all_entries_with_a_notice(searcher: Searcher, index: Index) -> None:
    page = searcher.search(Query("???"))
    assert page.total == index.size
    assert any("??? contains no word" in notice for notice in page.notices)


def test_an_excluded_unknown_value_is_reported(searcher: Searcher) -> None:
    assert any("topic:gardening" in notice for notice in searcher.search(Query("xdp -topic:gardening")).notices)


def test_filters_in_parentheses_equal_selected_filters(searcher: Searcher) -> None:
    for text in ("kernel:v4.15 how:landed", "kernel:v4.14 kernel:v4.15"):
        assert searcher.search(Query(f"({text}) OR zeppelin")).total == searcher.search(Query(text)).total > 0


def test_an_empty_query_finds_every_entry(searcher: Searcher, index: Index) -> None:
    page = searcher.search(Query())
    assert page.total == index.size
    assert page.searched == "all entries"


def test_a_filter_in_the_text_is_a_selected_filter(searcher: Searcher) -> None:
    typed = searcher.search(Query("kernel:v4.15 xdp"))
    chosen = searcher.search(Query("xdp", {"kernel": ("v4.15",)}))
    assert typed == chosen
    assert typed.query.text == "xdp"


def test_a_page_past_the_end_is_empty_and_knows_the_total(searcher: Searcher) -> None:
    page = searcher.search(Query("sockmap", page=999))
    assert page.hits == ()
    assert page.total == searcher.search(Query("sockmap")).total > 0


def test_pages_continue_without_gaps_or_repeats(searcher: Searcher) -> None:
    whole = ids(searcher.search(Query("sockmap", limit=100)))
    pages = [searcher.search(Query("sockmap", limit=7, page=page)) for page in range(1, -(-len(whole) // 7) + 1)]
    assert [each for page in pages for each in ids(page)] == whole
    assert [hit.position for page in pages for hit in page.hits] == list(range(1, len(whole) + 1))


def test_hits_are_ordered_by_score(searcher: Searcher) -> None:
    scores = [hit.score for hit in all_hits(searcher, Query("xdp redirect"))]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) > 1


@pytest.mark.parametrize(("sort", "reverse"), [("newest", True), ("oldest", False)])
def test_hits_are_ordered_by_the_day_of_their_issue(searcher: Searcher, sort: str, reverse: bool) -> None:
    dates = [hit.issue.date for hit in all_hits(searcher, Query("xdp", sort=sort))]
    assert dates == sorted(dates, reverse=reverse)
    assert len(set(dates)) > 1


def test_hits_are_ordered_by_the_newest_version(searcher: Searcher) -> None:
    hits = all_hits(searcher, Query("helper", sort="kernel"))
    newest = [
        max((tuple(map(int, k["version"][1:].split("."))) for k in h.record["kernel"]), default=(0, 0)) for h in hits
    ]
    assert newest == sorted(newest, reverse=True)
    assert len(set(newest)) > 1


@pytest.mark.parametrize("sort", SORTS)
def test_the_order_does_not_change_the_results(searcher: Searcher, sort: str) -> None:
    assert {h.record["id"] for h in all_hits(searcher, Query("jit", sort=sort))} == {
        h.record["id"] for h in all_hits(searcher, Query("jit"))
    }


def test_entries_of_one_day_are_in_reading_order(searcher: Searcher, index: Index) -> None:
    found = [hit.record["id"] for hit in all_hits(searcher, Query("issue:13", sort="newest"))]
    assert found == [entry.id for entry in index.entries_of("bpf-updates/13")]


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest", "kernel"])
def test_all_entries_have_the_order_of_those_that_a_condition_leaves(searcher: Searcher, sort: str) -> None:
    for page in (1, 3):
        browsed = searcher.search(Query(sort=sort, page=page))
        ranked = searcher.search(Query("-nosuchword", sort=sort, page=page))
        assert [hit.record["id"] for hit in browsed.hits] == [hit.record["id"] for hit in ranked.hits]
        assert (browsed.results, browsed.hits[0].score) == (ranked.results, 0.0)


def test_words_in_the_title_rank_above_words_in_the_text(searcher: Searcher) -> None:
    first = searcher.search(Query("sockmap")).hits[0].record
    assert "sockmap" in first["title"].casefold()


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("program", {"program", "programs", "programming", "programmer", "programmers", "programmed", "programmable"}),
        ("xdp -tracing", {"xdp"}),
        ('"generic xdp"', {"generic", "xdp"}),
        ("lwn.net", {"lwn.net"}),
    ],
)
def test_searched_words_are_highlighted(searcher: Searcher, text: str, allowed: set[str]) -> None:
    hits = searcher.search(Query(text, limit=50)).hits
    words = {
        word.casefold()
        for hit in hits
        for word in marked(hit.record["title"], hit.title_marks) | marked(hit.snippet, hit.snippet_marks)
        if "_" not in word
    }
    assert words
    assert {next(terms(word)).text for word in words} <= {next(terms(word)).text for word in allowed}


def test_another_spelling_of_a_searched_name_is_highlighted(searcher: Searcher) -> None:
    hit = searcher.search(Query("bpf_getsockopt")).hits[0]
    assert marked(hit.record["title"], hit.title_marks) == {"bpf_getsockops"}


def test_every_highlight_is_inside_its_text(searcher: Searcher) -> None:
    for hit in searcher.search(Query("xdp OR bpf_prog OR tracing OR map", limit=100)).hits:
        for text, marks in ((hit.record["title"], hit.title_marks), (hit.snippet, hit.snippet_marks)):
            assert all(0 <= start < end <= len(text) for start, end in marks)
            assert all(end <= start for (_, end), (start, _) in itertools.pairwise(marks))


def test_a_long_text_is_cut_to_a_part_of_itself(searcher: Searcher) -> None:
    hits = all_hits(searcher, Query("bpf"))
    longest = max(hits, key=lambda hit: len(hit.record["body"]))
    assert longest.snippet in longest.record["body"]
    assert all(len(hit.snippet) <= 420 for hit in hits)


def test_a_hit_as_json_has_its_edition(searcher: Searcher) -> None:
    record = hit_record(searcher.search(Query("bpf_getsockops")).hits[0])
    assert record["source"] == "retold"
    assert record["issue"]["number"] == 13
    assert record["marks"]["title"]


@pytest.mark.parametrize(
    "query",
    [
        Query("sockmap"),
        Query("bpf_getsockops"),
        Query("xdp redirect"),
        Query('"new helper function"'),
        Query("kprob*"),
        Query("i40e OR ixgbe"),
        Query("verifier", {"kernel": ("v4.15",)}),
        Query("sockmap zeppelin verifier"),
        Query("control group"),
        Query("(xdp -maps) OR verifier", limit=100),
        Query("(control OR -of) (bpf* OR (the -bpf()))", limit=100),
    ],
)
def test_the_parts_of_a_score_add_up_to_the_score(searcher: Searcher, query: Query) -> None:
    plain, page = searcher.search(query), searcher.search(query, explained=True)
    assert [hit.record["id"] for hit in page.hits] == [hit.record["id"] for hit in plain.hits]
    for hit in page.hits:
        total = sum(reason.value for reason in hit.reasons if reason.sign == "+")
        total = next((reason.value for reason in hit.reasons if reason.sign == "="), total)
        for reason in hit.reasons:
            total *= reason.value if reason.sign == "×" else 1
        assert total == pytest.approx(hit.score, rel=1e-3, abs=1e-3)


def test_a_match_only_in_the_patches_is_explained(searcher: Searcher) -> None:
    page = searcher.search(Query("bpf_getsockops", limit=100), explained=True)
    others = [hit for hit in page.hits if not hit.title_marks and not hit.snippet_marks]
    assert all(any("in its patches" in reason.text for reason in hit.reasons) for hit in others)


@pytest.mark.parametrize(
    ("query", "searched"),
    [
        (Query("bpf_getsockopt kernel:4.15"), "bpf_getsockopt, also written bpf_getsockops; kernel v4.15"),
        (Query("sockmpa", {"kind": ("patch", "talk")}), "sockmpa, sockmpa read as sockmap; kind patch or talk"),
        (Query(), "all entries"),
    ],
)
def test_an_answer_has_the_searched_text(searcher: Searcher, query: Query, searched: str) -> None:
    assert searcher.search(query).searched == searched


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_is_answered_or_refused_with_a_message(searcher: Searcher, name: str) -> None:
    sentence = answer_to(searcher, HOSTILE[name])
    assert sentence
    assert len(HOSTILE[name].strip()) <= LONGEST or f"The limit is {LONGEST}" in sentence


def test_reasons_are_given_only_on_request(searcher: Searcher) -> None:
    assert searcher.search(Query("sockmap")).hits[0].reasons == ()


def test_the_entries_read_before_the_first_search_are_not_kept(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    searcher = Searcher(index)
    searcher.warm()
    read: list[int] = []
    stored = index.stored
    monkeypatch.setattr(index, "stored", lambda doc: read.append(doc) or stored(doc))  # type: ignore[func-returns-value]
    hits = searcher.search(Query(sort="newest", limit=30)).hits
    assert len(read) >= len(hits) - 1  # one was read for the search that is made before
