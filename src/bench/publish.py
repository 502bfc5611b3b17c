# SPDX-License-Identifier: Apache-2.0
"""The figures that the documents show: each benchmark's latest run at a clean commit, with that commit's id.

`published.json` has them, every round included; `published.svg` draws them; and the documents have
tables of them between two marks, which nobody edits: `--publish` writes them, and a test compares.
README.md has a few rows of them, benchmarks.md those with a target, figures.md all.
"""

import json
import re
import subprocess

import plot
import report
from process import BenchError
from rows import Row, Target
from session import ROOT

PLACE = ROOT / "src/bench"
DATA, DRAWING = PLACE / "published.json", PLACE / "published.svg"
SERVICE = ("idle", "pool", "trouble", "rate", "yield", "prometheus", "soak")
DOCUMENTS = (ROOT / "README.md", ROOT / "src/site/markdown/benchmarks.md", PLACE / "figures.md")
# The rows of the README: benchmark, start of what, start of peer.
SUMMARY = (
    ("scan", "cold read", "cat"),
    ("digest", "sha256, whole", "sha256sum"),
    ("tree", "sha256", "xargs"),
    ("verify", "sha256", "sha256sum"),
    ("feed", "warm file into wc -c, whole", "pv"),
    ("cat", "warm file into wc -c", "pv"),
    ("neighbour", "p99 during the scan, ×", "idle"),
    ("allocate", "1000 files of 16 MiB, whole", "shell"),
    ("pool", "claims by 4", ""),
)
MARKS = re.compile(
    r"(<!-- figures: (?P<what>[a-z ]+); written by ./build bench --publish -->\n).*?(<!-- end of figures -->)",
    re.DOTALL,
)


def commit():
    """The short id of the clean commit that is measured."""
    if git("status", "--porcelain", "--untracked-files=no"):
        raise BenchError("--publish is for a clean commit: commit first, build, and measure then")
    return git("rev-parse", "--short=12", "HEAD")


def git(*words):
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def add(measured, id):
    """Puts the benchmarks of one run, as `report.as_json` has it, in place of their last figures."""
    published = read()
    for name in {row["benchmark"] for row in measured["rows"]}:
        of_all = {key: measured[key] for key in ("began", "ended", "machine", "options")}
        of_its_own = {
            key: [fact for fact in measured[key] if fact["benchmark"] == name]
            for key in ("rows", "rounds")
        }
        published[name] = {"commit": id} | of_all | of_its_own
    published = dict(sorted(published.items()))
    report.write(DATA, published)
    DRAWING.write_text(drawing(published))
    for document in DOCUMENTS:
        document.write_text(shown(document.read_text(), published))


def read():
    return json.loads(DATA.read_text())


def drawing(published):
    rows = [row(fact) for run in published.values() for fact in run["rows"]]
    return plot.svg(rows, "Millrace's figure or ratio by its target")


def row(fact):
    ratios = [fact[key] for key in ("ratio_min", "ratio", "ratio_max") if fact["ratio"] is not None]
    target = fact["target"] and Target(**fact["target"])
    return Row(
        fact["benchmark"],
        fact["what"],
        fact["unit"],
        fact["millrace"],
        fact["peer"],
        fact["peer_figure"],
        ratios,
        target,
    )


def shown(text, published):
    """A document with the tables that the published figures give."""
    return MARKS.sub(lambda found: found[1] + section(found["what"], published) + found[3], text)


def section(what, published):
    """`what`: "command line" or "service", the rows with a target; "all rows" of everything; "summary": SUMMARY."""
    if what == "summary":
        names = list(dict.fromkeys(name for name, _, _ in SUMMARY if name in published))
        rows = [summary_row(published, *wanted) for wanted in SUMMARY if wanted[0] in published]
    else:
        names = [
            name
            for name in published
            if what == "all rows" or (name in SERVICE) == (what == "service")
        ]
        rows = [row(fact) for name in names for fact in published[name]["rows"]]
    return "".join(
        (
            report.table([row for row in rows if row.target or what == "all rows"]),
            "\n\nMeasured at ",
            "; ".join(
                f"{id} on {day} ({machine}): {', '.join(of)}"
                for (id, day, machine), of in runs(names, published).items()
            ),
            ".\n",
        )
    )


def summary_row(published, name, what, peer):
    """The one row with a target that is meant; a run that has none is an error, so that none goes missing."""
    found = [
        row(fact)
        for fact in published[name]["rows"]
        if fact["target"] and fact["what"].startswith(what) and (fact["peer"] or "").startswith(peer)
    ]
    if not found:
        raise BenchError(f"no row {name}, {what}, {peer} for the README")
    return found[0]


def runs(names, published):
    """The benchmarks by commit, day and machine."""
    found = {}
    for name in names:
        run = published[name]
        machine = run["machine"]
        where = f"{machine['cpu']}, {machine['cores']} cores, load {machine['load_before']:.1f}"
        found.setdefault((run["commit"], run["began"][:10], where), []).append(name)
    return found
