"""Draw the results as a small SVG: bars by class and engine, one panel per size, on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from tests.bench.comparing import BySize, classes
from tests.bench.engine import ENGINES
from tests.bench.measuring import Measured

# Colours that are distinguishable, also for colour-blind people, on white and on black (Paul Tol's bright scheme).
COLOURS = dict(zip(ENGINES, ("#4477aa", "#ee6677", "#ccbb44", "#aa3377"), strict=True))
WIDTH, LEFT, TOP = 820, 54, 34
PANEL, GAP, FOOT = 130, 34, 26
SHORTEST = 0.05  # share of a power of ten, so that the fastest is visible as a bar
STYLE = (
    "text{font:11px sans-serif;fill:currentColor}svg{color:#333}line{stroke:currentColor;opacity:.25}"
    "@media(prefers-color-scheme:dark){svg{color:#ccc}}"
)


def svg(sizes: BySize) -> str:
    """Return the chart."""
    panels = [list(held.values()) for held in sizes.values()]
    height = TOP + len(panels) * (PANEL + GAP) + FOOT
    low, high = scale(panels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        "<title>Medians in milliseconds by class and engine</title>",
        f"<style>{STYLE}</style>",
        *legend(panels),
        *(part for place, held in enumerate(panels) for part in panel(held, TOP + place * (PANEL + GAP), low, high)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def scale(panels: Sequence[Sequence[Measured]]) -> tuple[int, int]:
    """Return the powers of ten, in milliseconds, around all bars."""
    found = [math.log10(took) for held in panels for each in held for took in each.warm.values()]
    low = math.floor(min(found) - SHORTEST)
    return low, max(math.ceil(max(found)), low + 1)


def legend(panels: Sequence[Sequence[Measured]]) -> Iterator[str]:
    engines = list(dict.fromkeys(each.engine for held in panels for each in held))
    for place, engine in enumerate(engines):
        x = LEFT + place * 110
        yield f'<rect x="{x}" y="6" width="10" height="10" fill="{COLOURS[engine]}"/>'
        yield f'<text x="{x + 15}" y="15">{escape(engine)}</text>'
    yield f'<text x="{WIDTH - 4}" y="15" text-anchor="end">ms, warm, logarithmic; shorter is faster</text>'


def panel(held: Sequence[Measured], top: int, low: int, high: int) -> Iterator[str]:
    """Yield the grid, bars and labels of one size."""
    yield f'<text x="{LEFT}" y="{top - 4}" style="font-weight:bold">{held[0].entries:,} entries</text>'
    for power in range(low, high + 1):
        y = round(top + PANEL * (high - power) / (high - low))
        yield f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH}" y2="{y}"/>'
        yield f'<text x="{LEFT - 5}" y="{y + 4}" text-anchor="end">{10.0**power:g}</text>'
    names = classes(held)
    step = (WIDTH - LEFT) / len(names)
    for place, name in enumerate(names):
        left = LEFT + place * step
        yield from bars(held, name, left + step * 0.1, step * 0.8 / len(held), (top, low, high))
        yield f'<text x="{left + step / 2:.0f}" y="{top + PANEL + 13}" text-anchor="middle">{escape(name)}</text>'


def bars(held: Sequence[Measured], name: str, left: float, width: float, place: tuple[int, int, int]) -> Iterator[str]:
    """Yield the bars of one class. `place` is the top of the panel and the range of its scale."""
    top, low, high = place
    for number, each in enumerate(held):
        if name in each.warm:
            tall = PANEL * (math.log10(each.warm[name]) - low) / (high - low)
            yield (
                f'<rect x="{left + number * width:.1f}" y="{top + PANEL - tall:.1f}" '
                f'width="{width - 1:.1f}" height="{tall:.1f}" fill="{COLOURS[each.engine]}"/>'
            )
