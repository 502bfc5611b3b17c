# SPDX-License-Identifier: Apache-2.0
"""The table for the reader (valid Markdown) and the JSON with every single round."""

import json
import time
from dataclasses import asdict

HEADINGS = (
    "benchmark",
    "what",
    "Millrace",
    "peer",
    "its figure",
    "ratio (min–max)",
    "target",
    "met",
)


def table(rows):
    cells = [HEADINGS, *(row_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]

    def line(words, fill=" "):
        padded = (word.ljust(width, fill) for word, width in zip(words, widths))
        return f"|{fill}" + f"{fill}|{fill}".join(padded) + f"{fill}|"

    rule = line([""] * len(HEADINGS), "-")
    return "\n".join([line(HEADINGS), rule, *(line(words) for words in cells[1:])])


def row_cells(row):
    return (
        row.benchmark,
        row.what,
        figure(row.ours, row.unit),
        row.peer or "",
        figure(row.theirs, row.unit),
        ratio(row),
        target(row),
        {True: "yes", False: "NO", None: ""}[row.met()],
    )


def figure(value, unit):
    if value is None:
        return ""
    if unit == "s":
        digits = f"{value:.3f}"
    else:
        digits = f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
    return f"{digits} {unit}".strip()


def ratio(row):
    if not row.ratios:
        return ""
    if len(row.ratios) == 1:
        return f"{row.ratio():.2f}"
    return f"{row.ratio():.2f} ({min(row.ratios):.2f}–{max(row.ratios):.2f})"


def target(row):
    if row.target is None:
        return ""
    sign = "≥" if row.target.at_least else "≤"
    return f"{sign} {row.target.value:g}" + (f" {row.unit}" if row.target.absolute else "×")


def as_json(session, machine, began, ended):
    return {
        "began": began,
        "ended": ended,
        "machine": machine,
        "options": {
            "size": session.size,
            "rounds": session.rounds,
            "quick": session.quick,
            "cold": session.options.cold,
        },
        "making_seconds": session.files.making_seconds,
        "rows": [row_json(row) for row in session.rows],
        "skipped": session.skipped,
        "problems": session.problems,
        "rounds": session.records,
    }


def row_json(row):
    return {
        "benchmark": row.benchmark,
        "what": row.what,
        "unit": row.unit,
        "millrace": row.ours,
        "peer": row.peer,
        "peer_figure": row.theirs,
        "ratio": row.ratio(),
        "ratio_min": min(row.ratios, default=None),
        "ratio_max": max(row.ratios, default=None),
        "target": row.target and asdict(row.target),
        "met": row.met(),
    }


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
