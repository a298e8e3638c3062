"""Which kernel versions an entry belongs to, each with how it is known and the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from indexer.archive.facts import COMMIT_URL, RELEASE_URL, Facts, Landing
from indexer.enriching.trees import FIX_TREES, FOLLOWING_TREES, parse_subject
from indexer.model import KernelVersion

VERSION = re.compile(
    r"(?:(?<![\w.-])|(?<=linux-)|(?<=\d-))(?P<v>[vV])?(?P<version>[3-9][.-]\d{1,2})(?P<patch>\.\d{1,3})?"
    r"(?P<rc>-rc\d+)?\+?(?![\w.]*\d|\.\w|-[a-z])"
)
# What makes a bare number a kernel's: "Linux 4.12", "kernel 4.7", "4.7 kernel", "candidate for 4.13".
KERNEL_BEFORE = re.compile(
    r"(?:\blinux|\bkernels?|\bcandidate for|\bmerge window for|\bversions?|\bcommits in|\bmainline)[\s(-]*$", re.I
)
KERNEL_AFTER = re.compile(r"^\s*(?:\+\s*)?(?:kernels?|merge window|release candidate)\b", re.I)
GOES_ON = re.compile(r"^\s*(?:-|–|to|through|\.\.|and|or|,|/)\s*$")
# Words before a number that make it the version of something else.
OTHER_SOFTWARE = re.compile(
    r"(?:\bllvm|\bclang|\bgcc|\biproute2?|\bcilium|\bdrivers?|\bsystemtap|\bnetdev|\bbcc|\bbpftrace|\bpython|\bubuntu|\bfedora|"
    r"\bdebian|\brhel|\bbpftool|\blibbpf|\bxen|\bqemu|\bgo|\brust|\bbinutils|\bglibc|\bsystemd|\bkubernetes|\bdocker|\btetragon|\bhubble)[\s:]*"
    r"(?:release|releases|version)?\s*$",
    re.I,
)
# An identifier is introduced by "new helper function X", "add X helper", "introduce X", "X got merged" ...
INTRODUCING = re.compile(r"\b(?:introduc\w+|adds?|added|adding|implement\w*|propos\w+|new)\b", re.I)
MERGED_AFTER = re.compile(
    r"^(?: (?:series|helper|functions?|patches|support|program|map|type|command))* "
    r"(?:(?:got|was|were|is|are|has|have|been|finally) )*"
    r"(?:merged|applied|landed|in the works|under discussion)\b",
    re.I,
)
# ... but not by work on it, nor by tools that follow the kernel.
WORK_ON_IT = re.compile(
    r"\b(?:tests?|testcases?|selftests?|samples?|examples?|fix\w*|document\w*|documentation|support|use[sd]?|using|allow\w*|remov\w*|"
    r"renam\w*|enabl\w*|extend\w*|updat\w*|chang\w*|improv\w*|check\w*|flags?|missing|into|to|of|in|on|with)\b",
    re.I,
)
SUPPORT_FOR = re.compile(r"^ support for $", re.I)
HELPER_AFTER = re.compile(r"^(?:\(\))? helper\b", re.I)
SUPPORT_IN = re.compile(r"^ support (?:to|in|for)\b", re.I)
FOLLOWERS = re.compile(
    r"\b(?:libbpf|tools?|bpftool|iproute2?|samples?|selftests?|llvm|bcc|perf tools|nfp|i40e|mlx\w+)\b", re.I
)
ADDED = re.compile(r"\b(?:adds?|introduces?) (?P<name>[a-z_]+)(?=,| map\b|$)", re.I)
TYPES = {"map type": "BPF_MAP_TYPE_", "program type": "BPF_PROG_TYPE_"}
LIST_BETWEEN = re.compile(r"^\s*(?:,|and|&|,\s*and)\s*$", re.I)


def versions(
    text: str, tree: str | None, date: datetime, introduced: Iterable[Landing], facts: Facts
) -> tuple[KernelVersion, ...]:
    """Return the versions of an entry: those stated, else the one its issue reports, and those landed beside them."""
    found = [
        KernelVersion(version, "stated", f"the entry says {words!r}", RELEASE_URL.format(version))
        for version, words in stated(text, facts)
    ]
    if not found:
        found += reported(tree, date, facts)
    for landing in introduced:
        if not any(v.version == landing.version and v.how == "landed" for v in found):
            found.append(landed(landing))
    return tuple(found)


def stated(text: str, facts: Facts) -> list[tuple[str, str]]:
    """Return the kernel versions that a text names, as vMAJOR.MINOR, each with the words that name it."""
    found: dict[str, str] = {}
    kernels_end = -1
    for match in VERSION.finditer(text):
        version = "v" + match["version"].replace("-", ".")
        before, after = text[: match.start()], text[match.end() :]
        if facts.release(version) is None or OTHER_SOFTWARE.search(before):
            continue
        if "-" in match["version"] and not (match["v"] and match["rc"]):
            continue
        goes_on = kernels_end >= 0 and GOES_ON.match(text[kernels_end : match.start()])
        if match["v"] or match["rc"] or goes_on or KERNEL_BEFORE.search(before) or KERNEL_AFTER.match(after):
            found.setdefault(version, match[0])
            kernels_end = match.end()
    return list(found.items())


def reported(tree: str | None, date: datetime, facts: Facts) -> list[KernelVersion]:
    """Return the version that a change from `tree` would be released in, by the date of the issue that reports it."""
    possible = facts.versions_at(date.date(), fixes=tree in FIX_TREES)
    if not possible:
        return []
    version = possible[0]
    coming = facts.release(version)
    what = f"for {tree}, " if tree else ""
    evidence = f"{what}reported on {date:%d %B %Y} while {version} was in the making"
    if coming is not None and coming.released <= date.date():
        evidence = f"{what}reported on {date:%d %B %Y}, after {version} was out"
    if len(possible) > 1:
        evidence += f"; in the merge window it may as well be a fix to {possible[1]}"
    return [KernelVersion(version, "issue", evidence, RELEASE_URL.format(version))]


def landed(landing: Landing) -> KernelVersion:
    """Return the release in which an identifier landed, with the commit and with what other sources say."""
    evidence = f"{landing.name} landed in {landing.version}"
    if landing.commit:
        evidence += f", commit {landing.commit}"
    for source, version, _ in landing.disputed:
        evidence += f"; {source.replace('_', '-')} says {version}"
    if not landing.checked:
        evidence += f" (from {landing.claims[0][0]} alone, unchecked)"
    url = COMMIT_URL.format(landing.commit) if landing.commit else ""
    return KernelVersion(landing.version, "landed", evidence, url)


def introduced(title: str, identifiers: Iterable[str], date: datetime, facts: Facts) -> list[Landing]:
    """Return where each identifier landed that the title introduces, under discussion or merged.

    A title that only tests, fixes, documents or uses an identifier introduces nothing, nor does one that
    an issue reports after `date` had seen the release: then the identifier was there before.
    """
    subject = parse_subject(title)
    if subject.tree in FOLLOWING_TREES:
        return []
    words = subject.words
    bare = bare_type(words, facts)
    found = [bare] if bare and not is_out(bare, date, facts) else []
    last_end = -1
    for name in identifiers:
        at = words.find(name)
        landing = typed_landing(words[: max(at, 0)], name, facts) or facts.landing(name)
        if landing is None and HELPER_AFTER.match(words[at + len(name) :]):
            landing = facts.landing(f"bpf_{name}")
        if landing is None or at < 0 or is_out(landing, date, facts):
            continue
        after = words[at + len(name) :].removeprefix("()")
        listed = last_end >= 0 and LIST_BETWEEN.match(words[last_end:at])
        new = introduces(words[:at]) and not SUPPORT_IN.match(after)
        if listed or new or MERGED_AFTER.match(after):
            found.append(landing)
            last_end = at + len(name)
    return found


def is_out(landing: Landing, date: datetime, facts: Facts) -> bool:
    """Return whether the release in which an identifier landed was out on a day."""
    release = facts.release(landing.version)
    return release is not None and release.released <= date.date()


def bare_type(words: str, facts: Facts) -> Landing | None:
    """Return where a type landed that a subject adds by its last part alone: "bpf: add devmap, a map ..."."""
    added = ADDED.search(words)
    candidates = (facts.landing(prefix + added["name"].upper()) for prefix in TYPES.values()) if added else ()
    return next(filter(None, candidates), None)


def introduces(before: str) -> bool:
    """Return whether the words before an identifier introduce it."""
    verbs = list(INTRODUCING.finditer(before))
    if not verbs or FOLLOWERS.search(before[: verbs[-1].start()]):
        return False
    between = before[verbs[-1].end() :]
    return bool(SUPPORT_FOR.match(between)) or not WORK_ON_IT.search(between)


def typed_landing(before: str, name: str, facts: Facts) -> Landing | None:
    """Return where a type landed that is named by its last part alone: "map type cpumap"."""
    for words, prefix in TYPES.items():
        if re.search(rf"\b{words}\s+$", before, re.I):
            return facts.landing(prefix + name.upper())
    return None
