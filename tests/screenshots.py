"""Create the pictures of the README in docs/: main pages, wide and light, narrow and dark: `make screenshots`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.build.builder import build
from indexer.sources.archive import Archive
from tests.browser.conftest import ARGUMENTS, NAMES, serving
from tests.pages import STORY
from webui.app import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
LARGEST = 120_000  # bytes of a picture
PAGES = {"search": "/?q=bpf_getsockops&kernel=v4.15", "entry": f"/entry/{STORY}", "kernel": "/kernel/v4.15"}
LOOKS = {
    "wide": {"viewport": {"width": 960, "height": 540}, "color_scheme": "light"},
    "narrow": {"viewport": {"width": 390, "height": 640}, "color_scheme": "dark"},
}
# Addresses on the pictures stay the same from one time to the next.
BASE = "https://backissue.example.org"


def pictures(browser: Browser, address: str, folder: Path) -> list[Path]:
    """Write a picture of each page in each style. Return the paths."""
    made = []
    for look, settings in LOOKS.items():
        page = browser.new_page(**settings)
        for name, path in PAGES.items():
            page.goto(address + path)
            made.append(folder / f"{name}-{look}.png")
            page.screenshot(path=made[-1])
        page.close()
    return made


def main() -> int:
    """Write the pictures. Return 1 if one is too large."""
    from playwright.sync_api import sync_playwright

    folder = ROOT / "docs"
    folder.mkdir(exist_ok=True)
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as driver:
        archive = Archive(ROOT / "archive", Path(data))
        build(archive)
        with serving(create_app(archive.data, BASE)) as address:
            browser = driver.chromium.launch(executable_path=executable, args=ARGUMENTS)
            made = pictures(browser, address, folder)
            browser.close()
    for path in made:
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")
    return int(any(path.stat().st_size > LARGEST for path in made))


if __name__ == "__main__":
    sys.exit(main())
