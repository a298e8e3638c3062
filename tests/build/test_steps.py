"""Only changes of code that builds the index require a new index."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from indexer.build.fingerprint import CODE, code

# Imported by the steps, but without influence on the index: values, locks, downloads, and reading it back.
NO_STEP = ("indexer.errors", "indexer.catalog", "indexer.query", "indexer.sources")


def module_of(name: str) -> Path | None:
    """Return the file of one of our modules; None for other names."""
    place = CODE.parent.joinpath(*name.split("."))
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("indexer."):
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))


def reached(name: str) -> dict[str, Path]:
    """Return the modules that a module imports, directly or indirectly, with their files."""
    found: dict[str, Path] = {}
    left = [name]
    while left:
        module = left.pop()
        path = module_of(module)
        if path and module not in found:
            found[module] = path
            left += imports(path)
    return found


def test_each_module_that_a_build_imports_is_a_step_or_does_not_affect_the_index() -> None:
    found = reached("indexer.build.builder")
    assert {path for name, path in found.items() if not name.startswith(NO_STEP)} <= set(code())


def test_pages_help_texts_and_the_search_can_change_without_a_new_index() -> None:
    others = {path.relative_to(CODE).parts[0] for path in code()}
    assert others.isdisjoint({"cli", "search", "query", "views", "engines", "mcp.py", "library.py"})
