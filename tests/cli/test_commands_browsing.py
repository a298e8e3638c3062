"""The commands that print one thing, or numbers."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import webbrowser
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.build.builder import build
from indexer.catalog.protocol import Catalog
from indexer.cli import cli
from indexer.cli.open import original
from indexer.cli.stats import BARS, sparkline, summary
from indexer.engines.local import open_catalog
from indexer.errors import NotOpened
from indexer.model import IssueKey
from indexer.sources.archive import Archive
from indexer.views.identifiers import name_of
from indexer.views.series import series_of
from indexer.views.stats import PerIssue, Stats
from indexer.views.versions import version_of
from tests.archives import small
from tests.commands import assert_error, records, run, run_process
from tests.conftest import ROOT
from tests.pages import STORY
from webui.app import create_app

ARM = "arm-ebpf-jit-compiler-shubham-bansal"
PRINTED = (("kernel", "v4.15"), ("id", "bpf_getsockopt"), ("series", ARM), ("issues",), ("stats",), ("show", STORY))


def terminal(archive: Archive, *args: object, columns: int = 40, **env: str) -> str:
    """Return the output of a command on a terminal of some width."""
    pty = pytest.importorskip("pty", reason="needs a system with pseudo-terminals")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from indexer.cli import main; main()", *map(str, args)]
    clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    clean |= {"BACKISSUE_DATA": str(archive.data), "TERM": "xterm-256color", "COLUMNS": str(columns)} | env
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, env=clean) as process:
        os.close(theirs)
        out = b""
        try:
            while part := os.read(ours, 65536):
                out += part
        except OSError:  # Linux ends a terminal whose other side is closed with EIO
            pass
        assert process.wait(timeout=300) == 0
    os.close(ours)
    return out.decode()


def bare(text: str) -> str:
    """Return terminal output without colours and links."""
    return re.sub(r"\x1b\][^\x1b]*\x1b\\|\x1b\[[\d;]*m", "", text).replace("\r\n", "\n")


def test_the_properties_of_an_entry_wrap_beside_their_labels(archive: Archive) -> None:
    lines = bare(terminal(archive, "show", STORY)).splitlines()
    at = lines.index("issue     BPF Updates 13, 2017-11-20")
    assert lines[at + 1] == "          (retold)"
    at = lines.index("evidence  v4.15: reported on 20 November")
    assert lines[at + 1 : at + 3] == [
        "          2017, in development for v4.15",
        "          v4.15: bpf_getsockopt landed",
    ]


def test_a_kernel_version_is_printed_with_its_changes_and_its_discussions(archive: Archive) -> None:
    out = run(archive, "kernel", "4.15").stdout
    for text in ("v4.15\n", "released 2018-01-28", "bpf_getsockopt, commit cd86d1fd2102; 2 entries", "landed in v4.15"):
        assert text in out
    assert re.search(r"^in development for v4\.15: 4\d\d entries$", out, re.M)
    assert "backissue search --kernel v4.15 --how issue" in out


@pytest.mark.parametrize("limit", ["1", "5", "10", "1000"])
def test_printed_and_omitted_entries_of_a_kernel_add_up_to_the_announced_number(archive: Archive, limit: str) -> None:
    parts = run(archive, "kernel", "v4.13", "--limit", limit).stdout.split("\n\n")
    announced = [part for part in parts if re.match(r".*: \d+ entries$", part, re.M)]
    assert len(announced) >= 3
    for part in announced:
        shown = len(re.findall(r"^    (?!http)\S+/\d+/", part, re.M))
        said = map(int, re.findall(r"^  and (\d+) (?:more|listed above)", part, re.M))
        assert shown + sum(said) == int(re.findall(r": (\d+) entries$", part, re.M)[0])


def test_without_an_argument_kernels_and_series_are_listed(archive: Archive, catalog: Catalog) -> None:
    assert re.search(r"^v4\.15 +\d+", run(archive, "kernel").stdout, re.M)
    assert len(run(archive, "series", "--json").stdout.splitlines()) == len(catalog.terms("series"))
    by_one = run(archive, "series", "--author", "shubham bansal").stdout.splitlines()
    assert any(line.startswith(f"{ARM} ") for line in by_one)
    assert all("shubham-bansal" in line for line in by_one[1:])


def test_a_name_is_printed_however_it_is_written(archive: Archive) -> None:
    out = run(archive, "id", "BPF_FUNC_getsockopt").stdout
    for text in ("helper, landed in v4.15, commit cd86d1fd2102", "also written bpf_getsockops", STORY, "2 entries"):
        assert text in out


def test_a_series_is_printed_from_its_first_version_on(archive: Archive) -> None:
    out = run(archive, "series", ARM).stdout
    assert re.findall(r"^v(\d+)", out, re.M) == ["1", "2", "4"]
    assert "Shubham Bansal" in out


def test_the_outcome_of_a_series_is_printed(archive: Archive) -> None:
    out = run(archive, "series", "bpf-add-two-helpers-to-read-perf-event-enabled-running-time-yonghong-song").stdout
    assert re.search(r"^  \w+ landed in v4\.15: .* introduces it$", out, re.M)


def test_issues_are_printed_newest_first(archive: Archive) -> None:
    lines = run(archive, "issues").stdout.splitlines()
    assert lines[0].split() == ["issue", "date", "entries", "edition", "title"]
    assert [line.split()[0] for line in lines[1:]] == [f"bpf-updates/{n}" for n in range(13, 0, -1)]


def test_stats_are_a_table_and_a_bar_per_issue(archive: Archive, catalog: Catalog) -> None:
    out = run(archive, "stats").stdout
    assert f"13 issues, {catalog.about.entries:,} entries" in out
    (bars,) = [line for line in out.splitlines() if line and set(line) <= set(BARS)]
    assert (len(bars), bars[-1]) == (13, BARS[-1])
    counts = dict(re.findall(r"^(talk|patch|note) +([\d,]+)$", out, re.M))
    assert counts == {kind: f"{count:,}" for kind, count in catalog.count("kind").items() if kind in counts}
    assert len(counts) == 3


def test_the_topics_of_the_stats_are_values_of_the_filter(archive: Archive) -> None:
    (found,) = records(run(archive, "stats", "--json"))
    topics = found["topics"]
    assert isinstance(topics, dict)
    for topic, entries in topics.items():
        assert f"1 of {entries:,} results" in run(archive, "search", "--topic", topic, "--limit", "1").stderr


def test_the_stats_list_only_versions_that_entries_are_of(archive: Archive) -> None:
    table = run(archive, "stats").stdout
    assert re.search(r"^v4\.15 +487 ", table, re.M)
    assert not re.search(r"^v[\d.]+ +0 ", table, re.M)


@pytest.mark.parametrize(
    ("numbers", "bars"), [([], ""), ([0], "▁"), ([0, 7], "▁█"), ([1, 2, 3, 4], "▃▅▆█"), ([5, 5], "██")]
)
def test_bars_grow_with_their_numbers(numbers: list[int], bars: str) -> None:
    assert sparkline(numbers) == bars


def test_one_thing_is_one_json_object_on_a_line(archive: Archive, catalog: Catalog) -> None:
    for command, name, found in (
        ("kernel", "v4.15", version_of(catalog, "kernel", "v4.15")),
        ("id", "getsockopt", name_of(catalog, "getsockopt")),
        ("series", ARM, series_of(catalog, ARM)),
    ):
        assert found
        assert records(run(archive, command, name, "--json")) == [json.loads(json.dumps(asdict(found)))]


def test_an_object_has_the_keys_of_the_api_except_urls(archive: Archive) -> None:
    client = create_app(archive.data).test_client()
    for command, name, path in (
        ("kernel", "v4.15", "kernels/v4.15"),
        ("id", "bpf_getsockopt", "identifiers/bpf_getsockopt"),
        ("series", ARM, f"series/{ARM}"),
    ):
        (printed,) = records(run(archive, command, name, "--json"))
        answered = client.get(f"/api/v1/{path}").get_json()
        paging = {"page", "pages", "total"} - set(printed)
        assert set(printed) == {key for key in answered if not key.endswith("_url") or key in printed} - paging


def test_each_issue_is_an_object_on_its_own_line(archive: Archive) -> None:
    found = records(run(archive, "issues", "--json", "--limit", "2"))
    assert [each["number"] for each in found] == [13, 12]


@pytest.mark.parametrize("command", PRINTED)
def test_fields_are_chosen_in_their_order(archive: Archive, command: tuple[str, ...]) -> None:
    whole = records(run(archive, *command, "--json"))
    last, first = list(whole[0])[-1], next(iter(whole[0]))
    some = records(run(archive, *command, "--json", "--fields", f"{last}, {first}"))
    assert [list(each) for each in some] == [[last, first]] * len(whole)
    lines = run(archive, *command, "--fields", f"{last},{first}").stdout.splitlines()
    assert [line.count("\t") for line in lines] == [1] * len(whole)


@pytest.mark.parametrize("command", [*PRINTED, ("search", "xdp"), ("export",)])
def test_an_unknown_field_is_wrong_usage_and_the_known_ones_are_named(
    archive: Archive, command: tuple[str, ...]
) -> None:
    result = run(archive, *command, "--fields", "colour")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "There is no field 'colour'. Choose from: " in result.stderr


def test_hits_are_printed_as_chosen_fields(archive: Archive) -> None:
    out = run(
        archive,
        "search",
        "bpf_getsockops",
        "--kernel",
        "v4.15",
        "--limit",
        "1",
        "--fields",
        "id,kind,issue,kernel,names",
    ).stdout
    assert out == f"{STORY}\thelper\t13\tv4.15 issue; v4.15 landed\tbpf_getsockops bpf_getsockopt\n"


@pytest.mark.parametrize(
    ("command", "unknown", "near"),
    [
        ("kernel", "v4.25", "v4.20"),
        ("id", "bpf_getsockoptt", "bpf_getsockopt"),
        ("series", ARM[:-2], ARM),
        ("show", STORY[:-3], STORY),
        ("open", STORY[:-3], STORY),
        ("issues", "--newsletter=bpf-update", "bpf-updates"),
    ],
)
def test_an_unknown_name_exits_with_1_and_suggests_similar_ones(
    archive: Archive, command: str, unknown: str, near: str
) -> None:
    assert_error(run(archive, command, unknown), near)


@pytest.mark.parametrize("command", [*PRINTED, ("open", STORY), ("export",)])
def test_without_an_index_of_a_large_archive_a_message_explains_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setattr("indexer.cli.opened.MOST_BYTES", 10)
    assert_error(run(small(tmp_path, "a tool"), *command), "Run backissue index")


def test_a_limited_list_says_how_many_entries_are_omitted(archive: Archive) -> None:
    out = run(archive, "id", "bpf_getsockopt", "--limit", "1").stdout
    assert "and 1 more: backissue search bpf_getsockopt" in out
    assert run(archive, "id", "bpf_getsockopt", "--limit", "0").exit_code == 2


def test_an_entry_without_a_url_is_reported(tmp_path: Path) -> None:
    archive = small(tmp_path, "a tool")
    path = tmp_path / "some.md"
    path.write_text("# Some 1\n\nA text that nobody has published, for a test of what is then said of it.\n")
    told = ("--newsletter", "some", "--issue", 1, "--date", "2017-08-01")
    assert run(archive, "add", path, *told).exit_code == 0
    (found,) = records(run(archive, "search", "nobody", "--newsletter", "some", "--json"))
    assert_error(run(archive, "open", str(found["id"])), "It is not known where", "backissue show")
    with closing(open_catalog(archive.data)) as catalog, pytest.raises(NotOpened):
        original(catalog, str(found["id"]))


def test_open_opens_the_text_in_a_browser(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    result = run(archive, "open", STORY)
    assert result.exit_code == 0
    assert [f"{url}\n" for url in opened] == [result.stdout]
    assert opened[0].endswith("index.md?plain=1#L34")


def test_open_prints_the_url_if_there_is_no_browser(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda url: False)
    result = run(archive, "open", STORY)
    assert (result.exit_code, result.stdout.count("https://")) == (1, 1)
    assert "No browser could be opened" in result.stderr


def test_open_prints_only_the_url_with_an_option(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda url: pytest.fail("a browser was opened"))
    result = run(archive, "open", STORY, "--print")
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize("command", [("kernel", "v4.15"), ("id", "bpf_getsockops"), ("issues",), ("stats",)])
def test_no_line_is_longer_than_the_terminal(archive: Archive, command: tuple[str, ...]) -> None:
    out = bare(terminal(archive, *command, columns=40))
    assert "\x1b" not in out
    long = [line.split() for line in out.splitlines() if len(line) > 40 and "," not in line and ":" not in line]
    assert [words for words in long if len(words) > 1] == []  # an id stays whole


def test_a_terminal_wraps_an_entry_but_not_its_urls(archive: Archive) -> None:
    lines = bare(terminal(archive, "show", STORY)).splitlines()
    whole = json.loads(run(archive, "show", STORY, "--json").stdout)
    assert {line for line in lines if len(line) > 40} == {
        f"{name:9} {whole[f'{name}_url']}" for name in ("original", "source", "archived")
    }
    assert [line for line in lines if line != line.rstrip()] == []


def test_only_a_terminal_known_for_hyperlinks_gets_them(archive: Archive) -> None:
    for command in (("search", "xdp", "--limit", "2"), ("show", STORY), ("id", "bpf_getsockopt")):
        plain, linked = terminal(archive, *command), terminal(archive, *command, TERM_PROGRAM="WezTerm")
        assert "\x1b]8;" not in plain
        assert "https://" in plain
        assert "\x1b]8;" in linked


def test_only_a_terminal_that_wants_colours_gets_them(archive: Archive) -> None:
    colour = re.compile(r"\x1b\[(?:\d+;)*3\d")
    assert colour.search(terminal(archive, "search", "xdp", "--limit", "2"))
    assert not colour.search(terminal(archive, "search", "xdp", "--limit", "2", NO_COLOR="1"))
    assert "\x1b" not in terminal(archive, "issues", TERM="dumb")
    assert "\x1b" not in run_process("issues", "--data", archive.data).stdout


def test_rich_is_loaded_only_for_a_terminal(archive: Archive) -> None:
    program = "import sys; from indexer.cli import main\ntry: main()\nfinally: print('rich' in sys.modules)"
    for command in (("kernel", "v4.15"), ("issues",), ("stats",), ("export", "xdp")):
        args = [sys.executable, "-c", program, *command, "--data", str(archive.data)]
        ran = subprocess.run(args, capture_output=True, text=True, check=True, timeout=300)
        assert ran.stdout.splitlines()[-1] == "False"


def completed(archive: Archive, line: str) -> tuple[list[str], str]:
    """Return bash's completions for the last word of a line, and its standard error."""
    words = line.split(" ")
    env = {"_BACKISSUE_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    result = CliRunner(env=env | {"BACKISSUE_DATA": str(archive.data)}).invoke(cli, prog_name="backissue")
    return [line.removeprefix("plain,") for line in result.stdout.splitlines() if line], result.stderr


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("backissue kern", {"kernel"}),
        ("backissue kernel v4.15", {"v4.15"}),
        ("backissue search --kernel v4.15", {"v4.15"}),
        ("backissue search --topic xd", {"xdp"}),
        ("backissue export --kind ta", {"talk"}),
        ("backissue show bpf-updates/13/new-helper-function-bpf-g", {STORY}),
        ("backissue open bpf-updates/13/new-helper-function-bpf-g", {STORY}),
        ("backissue series arm-ebpf", {ARM}),
        ("backissue id bpf_getsocko", {"bpf_getsockops", "bpf_getsockopt"}),
        ("backissue id zeppelin", set()),
    ],
)
def test_a_shell_completes_names_in_the_index(archive: Archive, line: str, expected: set[str]) -> None:
    assert completed(archive, line) == (sorted(expected), "")


def test_a_shell_completes_nothing_without_an_index_and_prints_no_error(tmp_path: Path) -> None:
    assert completed(small(tmp_path, "a tool"), "backissue kernel v") == ([], "")


def test_a_shell_completes_from_the_data_folder_on_the_command_line(archive: Archive, tmp_path: Path) -> None:
    line = f"backissue kernel --data {archive.data} v4.16"
    assert completed(small(tmp_path, "a tool"), line) == (["v4.16"], "")


def test_a_shell_completes_names_in_the_archive(tmp_path: Path) -> None:
    archive = small(tmp_path, "a tool")
    archive.put_original(IssueKey("bpf-updates", 7), b"text", ".md")
    folders = f"--archive {archive.folder} --data {archive.data}"
    assert completed(archive, f"backissue fetch {folders} bpf") == (["bpf-updates"], "")
    assert completed(archive, f"backissue add {folders} --newsletter bpf") == (["bpf-updates"], "")
    assert completed(archive, f"backissue remove {folders} b") == (["bpf-updates/7"], "")
    assert completed(archive, f"backissue remove {folders} c") == ([], "")


@pytest.fixture
def shells(archive: Archive, tmp_path: Path) -> dict[str, str]:
    """Return an environment in which shells find backissue and its index."""
    program = tmp_path / "backissue"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom indexer.cli import main\nmain()\n"
    )
    program.chmod(0o755)
    return os.environ | {"BACKISSUE_DATA": str(archive.data), "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}


def told_by(shell: str, script: str, env: dict[str, str]) -> str:
    program = shutil.which(shell) or pytest.skip(f"needs {shell}")
    ran = subprocess.run([program, "-c", script], env=env, capture_output=True, text=True, timeout=300, check=False)
    assert ran.stdout, ran.stderr
    return ran.stdout


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("kernel v4.15", "v4.15"),
        ("search --author Alexei", r"Alexei\ Starovoitov"),
        (r"search --author 'Daniel\ B'", r"Daniel\ Borkmann"),
        ("search --author '\"Daniel B'", "Daniel Borkmann"),
    ],
)
def test_bash_gets_completions_that_it_can_insert(shells: dict[str, str], words: str, offered: str) -> None:
    script = f"""
        eval "$(_BACKISSUE_COMPLETE=bash_source backissue)" && complete -p backissue
        COMP_WORDS=(backissue {words}) COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
        _backissue_completion backissue && printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    told = told_by("bash", script, shells)
    assert "-F _backissue_completion" in told
    assert told.splitlines()[-1] == offered


def test_fish_gets_a_name_with_a_space_as_one_word(shells: dict[str, str]) -> None:
    script = (
        "_BACKISSUE_COMPLETE=fish_source backissue | source; complete --do-complete 'backissue search --author Daniel'"
    )
    assert "Daniel Borkmann" in told_by("fish", script, shells).splitlines()


def test_zsh_gets_a_name_with_a_space_as_one_word(shells: dict[str, str]) -> None:
    script = """
        compdef() { }; compadd() { print -rl -- "${completions[@]}" }
        eval "$(_BACKISSUE_COMPLETE=zsh_source backissue)"
        words=(backissue search --author Daniel) CURRENT=4
        _backissue_completion
    """
    assert "Daniel Borkmann" in told_by("zsh", script, shells).splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_script_to_complete_with(shell: str) -> None:
    result = CliRunner(env={"_BACKISSUE_COMPLETE": f"{shell}_source"}).invoke(cli, prog_name="backissue")
    assert result.exit_code == 0
    assert f"{shell}_complete" in result.stdout


def test_an_archive_of_one_issue_has_stats(tmp_path: Path) -> None:
    mine = small(tmp_path, "a tool")
    build(mine)
    assert "1 issue, 1 entry," in run(mine, "stats").stdout


def test_the_chart_of_stats_is_in_the_order_of_dates() -> None:
    issues = (PerIssue("zz/1", "2024-02-01", 1), PerIssue("zz/2023-12", "2023-12-01", 8))
    _, period, bars = summary(Stats(9, {}, {}, {}, 0, 0, 0, issues))
    assert "2023-12-01 to 2024-02-01" in period
    assert bars[0] > bars[1]


def test_a_series_and_its_reports_show_its_outcome(archive: Archive) -> None:
    series = run(archive, "series", "implement-xdp-bpf-redirect-john-fastabend").stdout
    assert "Merged in linux v4.14: 12 of 12 patches are known to be merged." in series
    earlier = run(archive, "series", "bpf-rewrite-value-tracking-in-verifier-edward-cree").stdout
    assert "superseded by v5" in earlier
    assert "Merged in linux v4.14" in run(archive, "show", "bpf-updates/9/the-xdp-redirect-series").stdout


def test_a_version_lists_features_and_merged_series(archive: Archive) -> None:
    shown = run(archive, "kernel", "v4.14").stdout
    assert "ARM32 JIT, commit 39c13c204bb1" in shown
    assert "Implement XDP bpf_redirect, 12 of 12 patches, commit 6093ec2dc313" in shown
