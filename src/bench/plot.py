# SPDX-License-Identifier: Apache-2.0
"""Draws every figure against its target as SVG, readable on white and on black.

One line a target; the axis says how many times as good as asked, so whatever stands right of the
line at 1 is met. For an upper limit (a latency, a size) that is the limit divided by the figure. A
filled dot met its target, a hollow one did not; the whisker spans the rounds.
"""

import math
from html import escape

import report

WIDTH, LEFT, RIGHT, TOP, STEP, BOTTOM = 880, 400, 160, 56, 24, 44
MIDDLE = "text-anchor='middle'"
STYLE = """
svg { font: 12px system-ui, sans-serif; }
text { fill: #24292f; } .dim { fill: #57606a; } .grid { stroke: #d0d7de; }
.goal { stroke: #24292f; } .met { stroke: #0969da; fill: #0969da; }
.missed { stroke: #bc4c00; fill: none; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .dim { fill: #9198a1; } .grid { stroke: #3d444d; }
  .goal { stroke: #e6edf3; } .met { stroke: #58a6ff; fill: #58a6ff; }
  .missed { stroke: #f0883e; fill: none; }
}
"""


def svg(rows, subtitle):
    rows = [row for row in rows if row.target]
    spans = [span(row) for row in rows]
    low = math.floor(math.log2(min([0.5, *(least for least, _, _ in spans)])))
    high = math.ceil(math.log2(max([2, *(most for _, _, most in spans)])))
    height = TOP + STEP * len(rows) + BOTTOM

    def x(times):
        share = (math.log2(times) - low) / (high - low)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    ticks = [power for power in range(low, high + 1) if high - low < 9 or power % 2 == 0]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>Millrace against its targets</title><style>{STYLE}</style>",
        text(12, 20, "Millrace against its targets", "", "font-weight='600'"),
        text(12, 38, subtitle, "dim"),
        *(axis(x(2.0**power), power, height) for power in ticks),
        *(line(row, *map(x, spans[i]), TOP + STEP * i + STEP // 2) for i, row in enumerate(rows)),
        text(x(1), height - 8, "× as good as the target (log scale)", "dim", MIDDLE),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def span(row):
    """(least, median, most) of how many times as good as its target the figure is."""
    figures = row.ratios if not row.target.absolute else [row.ours]
    times = [max(f, 1e-9) / row.target.value for f in (min(figures), row.figure(), max(figures))]
    return times if row.target.at_least else [1 / t for t in reversed(times)]


def axis(at, power, height):
    kind = "goal" if power == 0 else "grid"
    label = f"{2**power}×" if power >= 0 else f"1/{2**-power}×"
    return (
        f'<line class="{kind}" x1="{at}" x2="{at}" y1="{TOP - 4}" y2="{height - BOTTOM + 4}"/>'
        + text(at, height - BOTTOM + 18, label, "dim", MIDDLE)
    )


def line(row, least, middle, most, y):
    kind = "met" if row.met() else "missed"
    name = f"{row.benchmark}: {row.what}"
    if row.peer and not row.target.absolute and "×" not in row.what:
        name += f" vs {row.peer}"
    value = report.figure(row.ours, row.unit) if row.target.absolute else f"{row.ratio():.2f}×"
    return (
        text(12, y + 4, shortened(name))
        + f'<line class="{kind}" x1="{least}" x2="{most}" y1="{y}" y2="{y}" stroke-width="2"/>'
        + f'<circle class="{kind}" cx="{middle}" cy="{y}" r="5" stroke-width="2"/>'
        + text(WIDTH - RIGHT + 16, y + 4, f"{value} ({report.target(row)})", "dim")
    )


def shortened(name, most=58):
    return name if len(name) <= most else name[: most - 1] + "…"


def text(x, y, words, kind="", more=""):
    return f'<text class="{kind}" x="{x}" y="{y}" {more}>{escape(words)}</text>'
