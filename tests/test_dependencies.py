"""No dependency may be a release with a known vulnerability, and every one is pinned for development."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from indexer.profile.tables import rows
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
KNOWN = [(row["package"], Version(row["fixed"])) for row in rows(ROOT / "tests" / "vulnerable.tsv", "advisory")]
PIN = re.compile(r"^(?P<name>[\w.-]+)(?:\[[\w,-]+\])?==(?P<version>\S+) \\$", re.M)


def minimum(requirement: Requirement) -> Version:
    """Return the lowest release that a requirement allows by >= or ==."""
    found = [Version(each.version) for each in requirement.specifier if each.operator in (">=", "==")]
    assert found, f"{requirement} has no minimum version"
    return max(found)


def requirements(*extras: str) -> dict[str, Requirement]:
    texts = [*PROJECT["dependencies"], *(text for extra in extras for text in EXTRAS[extra])]
    return {canonicalize_name(each.name): each for each in map(Requirement, texts)}


def pinned(name: str) -> dict[str, Version]:
    """Return the pinned release of each package of a file, each of which has a hash."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = {canonicalize_name(match["name"]): Version(match["version"]) for match in PIN.finditer(text)}
    assert len(found) == len(re.findall(r"^\S+==", text, re.M))
    return found


@pytest.mark.parametrize("extra", ["", *EXTRAS])
def test_minimum_versions_exclude_known_vulnerabilities(extra: str) -> None:
    allowed = requirements(*filter(None, [extra]))
    wrong = [(name, fixed) for name, fixed in KNOWN if name in allowed and minimum(allowed[name]) < fixed]
    assert wrong == []


@pytest.mark.parametrize("extra", ["", "formats", "mcp", "semantic", "opensearch"])
def test_indirect_dependencies_with_known_vulnerabilities_have_minimum_versions(extra: str) -> None:
    allowed = requirements(*filter(None, [extra]))  # users install without our pins
    assert {name for name, _ in KNOWN} & needed_by(allowed) <= set(allowed)


def needed_by(wanted: dict[str, Requirement]) -> set[str]:
    """Return the packages that are installed with some requirements, as far as they are installed here."""
    found: set[str] = set()
    left = list(wanted.values())
    while left:
        one = left.pop()
        name = canonicalize_name(one.name)
        if name in found:
            continue
        found.add(name)
        with suppress(metadata.PackageNotFoundError):
            for each in map(Requirement, metadata.requires(name) or ()):
                if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in ("", *one.extras)):
                    left.append(each)
    return found


@pytest.mark.parametrize("extra", ["", *EXTRAS])
def test_everything_is_pinned_to_releases_that_are_allowed(extra: str) -> None:
    files = ["requirements.txt"] if not extra else sorted(path.name for path in ROOT.glob("requirements-*.txt"))
    pins = [pinned(name) for name in files]
    for name, requirement in requirements(*filter(None, [extra])).items():
        versions = {held[name] for held in pins if name in held}
        assert versions, f"{name} is not pinned"
        assert all(requirement.specifier.contains(version) for version in versions)


@pytest.mark.parametrize("name", [path.name for path in ROOT.glob("requirements*.txt")])
def test_no_pinned_release_has_a_known_vulnerability(name: str) -> None:
    pins = pinned(name)
    assert [(package, pins[package]) for package, fixed in KNOWN if package in pins and pins[package] < fixed] == []
