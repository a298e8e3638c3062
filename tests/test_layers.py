"""The direction of imports, and what an import may load."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Container, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from indexer.sources.archive import Archive

ROOT = Path(__file__).resolve().parents[1]
# The layers in the order of the data flow. A layer may import earlier ones, or only those listed after it.
LAYERS: dict[str, set[str] | None] = {
    "indexer.errors": None,
    "indexer.values": set(),
    "indexer.controls": set(),
    "indexer.languages": set(),
    "indexer.model": {"indexer.errors"},
    "indexer.formats": {
        "indexer.model", "indexer.errors", "indexer.values", "indexer.controls", "indexer.languages",
    },
    "indexer.dividing": {"indexer.model", "indexer.errors", "indexer.languages"},
    "indexer.records": {"indexer.model"},
    "indexer.profile": {"indexer.model", "indexer.errors", "indexer.languages"},
    "indexer.kernel": {"indexer.model", "indexer.errors", "indexer.profile", "indexer.dividing"},
    "indexer.sources": {"indexer.model", "indexer.errors", "indexer.profile", "indexer.kernel"},
    "indexer.annotating": {
        "indexer.model", "indexer.errors", "indexer.dividing", "indexer.profile", "indexer.kernel", "indexer.sources",
        "indexer.values",
    },
    "indexer.numbering": {"indexer.model", "indexer.formats", "indexer.values"},
    "indexer.ingest": None,
    "indexer.inferring": {
        "indexer.model", "indexer.formats", "indexer.dividing", "indexer.annotating", "indexer.profile",
        "indexer.languages", "indexer.numbering",
    },
    "indexer.collecting": {
        "indexer.model", "indexer.errors", "indexer.formats", "indexer.sources", "indexer.values",
    },
    "indexer.retelling": None,
    "indexer.checking": None,
    "indexer.analysis": {"indexer.model", "indexer.languages"},
    "indexer.query": {"indexer.model", "indexer.errors", "indexer.analysis"},
    "indexer.catalog": {"indexer.model", "indexer.errors", "indexer.analysis", "indexer.query"},
    "indexer.storage": {
        "indexer.model", "indexer.errors", "indexer.records", "indexer.kernel", "indexer.annotating",
        "indexer.analysis", "indexer.catalog", "indexer.languages",
    },
    "indexer.build": None,
    "indexer.search": {
        "indexer.model", "indexer.errors", "indexer.analysis", "indexer.query", "indexer.catalog", "indexer.storage",
        "indexer.records",
    },
    "indexer.engines": {
        "indexer.model", "indexer.errors", "indexer.analysis", "indexer.query", "indexer.catalog", "indexer.storage",
        "indexer.search", "indexer.records", "indexer.languages", "indexer.build", "indexer.sources", "indexer.kernel",
    },
    "indexer.live": {"indexer.errors", "indexer.storage", "indexer.search", "indexer.catalog", "indexer.engines"},
    "indexer.views": {
        "indexer.model", "indexer.errors", "indexer.kernel", "indexer.annotating", "indexer.analysis",
        "indexer.query", "indexer.catalog",
    },
    "indexer.judging": {"indexer.model", "indexer.dividing", "indexer.query"},
    "indexer.library": None,
    "indexer.mcp": None,
    "indexer.cli": None,
    "webui": None,
}  # fmt: skip
# Apart from the command line, the pages use the search and its answers, but no parsing.
WEBUI_KNOWS = {
    "indexer.model", "indexer.errors", "indexer.records", "indexer.sources", "indexer.analysis", "indexer.query",
    "indexer.catalog", "indexer.storage", "indexer.build", "indexer.search", "indexer.engines", "indexer.live",
    "indexer.views", "indexer.cli", "indexer.controls",
}  # fmt: skip
# The modules that know how entries are stored and matched. All others use the catalog.
ENGINE = ("indexer.engines", "indexer.search", "indexer.storage", "indexer.build")
# The modules that open an engine or name files of an index.
OPENING = {
    "indexer.live": {"indexer.engines", "indexer.storage"},
    "indexer.library": {"indexer.engines", "indexer.build"},
    "indexer.mcp": {"indexer.engines"},
    "indexer.cli": {"indexer.engines", "indexer.storage", "indexer.build"},
    "webui": {"indexer.engines", "indexer.storage", "indexer.build"},
}
HEAVY = ("flask", "httpx", "lxml", "rich", "pydantic", "bs4", "markdown", "html5lib", "yaml", "click", "granian")


def modules() -> dict[str, Path]:
    paths = (path for package in ("indexer", "webui") for path in sorted((ROOT / package).rglob("*.py")))
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


def imports(path: Path) -> Iterator[str]:
    """Yield each of our modules or names that a module imports anywhere."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides which layer it points to"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


# The commands that show pages load them when they are called.
LAZY = {"indexer.cli.serve": {"webui"}, "indexer.cli.site": {"webui"}}


def layer_of(module: str) -> str | None:
    return next((layer for layer in LAYERS if f"{module}.".startswith(f"{layer}.")), None)


def allowed(layer: str) -> set[str]:
    named = WEBUI_KNOWS if layer == "webui" else LAYERS[layer]
    order = list(LAYERS)
    return (set(order[: order.index(layer)]) if named is None else named) | {layer}


@pytest.mark.parametrize("name", modules())
def test_imports_follow_the_direction_of_the_table(name: str) -> None:
    layer = layer_of(name)
    targets = {target: layer_of(target) for target in imports(modules()[name])}
    turned_round = {
        target
        for target, other in targets.items()
        if layer and other and other not in allowed(layer) | LAZY.get(name, set())
    }
    assert turned_round == set()


@pytest.mark.parametrize("name", [name for name in modules() if layer_of(name) not in ENGINE])
def test_only_the_engine_imports_numpy_postings_and_masks(name: str) -> None:
    found = set(imports(modules()[name]))
    layers = {layer for target in found if (layer := layer_of(target)) in ENGINE}
    assert layers <= OPENING.get(layer_of(name) or "", set())
    assert {target for target in found if target.split(".")[0] == "numpy"} == set()
    assert {target for target in found if target.endswith((".Postings", ".Mask", ".Searcher"))} == set()


def test_each_module_belongs_to_a_layer() -> None:
    assert {name for name in modules() if layer_of(name) is None} == {"indexer"}


def test_the_table_of_layers_has_one_direction() -> None:
    order = list(LAYERS)
    for layer in order:
        assert allowed(layer) <= set(order[: order.index(layer) + 1])


def test_no_modules_import_each_other_in_a_circle() -> None:
    known = modules()
    order = TopologicalSorter({name: {target for each in imports(path) if (target := named(each, known)) != name}
                               for name, path in known.items()})  # fmt: skip
    assert set(order.static_order()) >= known.keys()  # raises CycleError with the modules of a circle


def named(target: str, known: Container[str]) -> str:
    """Return the module that an import names, which may be a name in that module."""
    return target if target in known else target.rpartition(".")[0]


def test_the_search_imports_nothing_that_reads_fetches_or_renders() -> None:
    program = "import sys, indexer.search.page; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=300)
    assert set(ran.stdout.split()) & set(HEAVY) == set()


def test_the_library_loads_what_reads_issues_only_to_parse_a_file() -> None:
    program = "import sys; from indexer import open_library, Page; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=300)
    assert set(ran.stdout.split()) & {*HEAVY, "indexer.ingest", "indexer.formats", "indexer.dividing"} == set()


def test_importing_the_package_imports_nothing_else() -> None:
    program = "import sys; before = set(sys.modules); import indexer; print(*set(sys.modules) - before)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=300)
    assert ran.stdout.split() == ["indexer"]


def test_a_search_in_the_shell_loads_only_what_it_needs(archive: Archive) -> None:
    program = "import sys; from indexer.cli import main\ntry: main()\nfinally: print(*sys.modules)"
    command = [sys.executable, "-c", program, "search", "sockmap", "--data", str(archive.data), "--json"]
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    ran = subprocess.run(command, env=unmeasured, capture_output=True, text=True, check=True, timeout=300)
    loaded = set(ran.stdout.splitlines()[-1].split())
    unneeded = {
        "rapidfuzz",
        "filelock",
        "difflib",
        "numpy.ma",
        "indexer.formats",
        "indexer.dividing",
        "indexer.ingest",
        "indexer.model.blocks",
        "indexer.model.entries",
        "indexer.model.newsletters",
        "indexer.annotating.addresses",
        "indexer.build",
        "indexer.profile",
        "tomllib",
        "urllib.request",
        "whoosh.index",
    }
    assert loaded & ({*HEAVY, *unneeded} - {"click"}) == set()


def test_adding_and_indexing_files_loads_nothing_that_downloads() -> None:
    program = "import sys, indexer.cli.add, indexer.cli.index, indexer.cli.parse; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=300)
    assert set(ran.stdout.split()) & {"httpx", "httpcore", "rich", "indexer.sources.downloads"} == set()


def test_a_server_over_an_index_that_is_current_loads_nothing_that_reads_issues() -> None:
    program = "import sys, webui.server; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=300)
    assert set(ran.stdout.split()) & {"bs4", "markdown", "html5lib", "yaml", "httpx", "rich", "indexer.ingest"} == set()


def test_pure_modules_import_neither_disk_nor_network() -> None:
    steps = [name for name in modules() if (layer_of(name) or "").endswith((".dividing", ".annotating", ".records"))]
    found = {(name, target.split(".")[0]) for name in steps for target in imports(modules()[name])}
    assert {
        pair for pair in found if pair[1] in ("os", "pathlib", "httpx", "socket", "subprocess", "tempfile")
    } == set()


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("*.py")), ids=lambda path: path.stem)
def test_no_test_imports_from_another_test_module(path: Path) -> None:
    assert [target for target in imports(path) if ".test_" in target and target.startswith("tests.")] == []
