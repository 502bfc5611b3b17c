#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures Millrace against the tools that people would use instead.

Contestants take turns (A B C, A B C, …); before each turn the data is made cold or warm the same
way, and that is checked. A ratio is the median of the ratios of the single rounds and says how
many times as fast Millrace was, unless the line says otherwise. A peer that is not installed is
said and left out. Needs Python 3.11, as root for cold caches and memory groups, and a machine with
nothing else to do for half an hour; work files go to --dir (25 GiB) and are removed at the end.

With --against COMMIT the other contestant is Millrace itself as it was at that commit: processor
time and peak memory of each NAME may be 5 % above the commit's.

With --publish the figures go, with the commit's id, into src/bench/published.json and the tables of
the documents.

Exit code 0: measured (whether targets are met is in the table); 1: something could not be
measured, gave a wrong result, or is worse than the commit; 2: wrong usage.
"""

import argparse
import os
import re
import signal
import sys
from pathlib import Path

import against
import machine
import plot
import publish
import report
from benchmarks import ALL
from process import BenchError, say
from session import LAUNCHER, ROOT, Session
from workfiles import WorkFiles

UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
UNITS |= {"KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30, "TIB": 1 << 40}
EXAMPLE = "example:\n  ./build bench scan digest --size 1GiB --rounds 3 --keep\n"
MIN_SIZE, FAIR_BYTES = 16 << 20, 4 << 30
BUSY_LOAD = 0.3


def size(text):
    found = re.fullmatch(r"(\d+)([A-Za-z]*)", text)
    if not found or found.group(2).upper() not in UNITS:
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 256MiB or 4GiB")
    number = int(found.group(1)) * UNITS[found.group(2).upper()]
    if number < MIN_SIZE:
        raise argparse.ArgumentTypeError(f"{text} is too small, 16MiB is the least")
    return number


def positive(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return int(text)


def parse(words):
    listed = "\n".join(
        f"  {name:10} {module.__doc__.splitlines()[0]}" for name, module in ALL.items()
    )
    parser = argparse.ArgumentParser(
        prog="./build bench",
        description=__doc__,
        epilog=f"benchmarks:\n{listed}\n\nagainst a commit: {', '.join(against.WORK)}\n\n{EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    option = parser.add_argument
    option("names", nargs="*", metavar="NAME", help="benchmarks to run (all but soak)")
    option("--size", type=size, help="of the big file (4GiB)")
    option("--rounds", type=positive, help="turns of every contestant (5)")
    option("--dir", type=Path, default=ROOT / "target/bench", help="for work files (target/bench)")
    option("--json", type=Path, help="every single round (DIR/bench.json)")
    option("--plot", type=Path, help="SVG of the figures against their targets (DIR/bench.svg)")
    option("--minutes", type=positive, help="of the soak (30), of prometheus (5)")
    option("--quick", action="store_true", help="256MiB, 2 rounds, smaller trees: a smoke test")
    option("--keep", action="store_true", help="keep the data files for the next run")
    option(
        "--cold",
        choices=("drop", "advise"),
        default="drop" if os.geteuid() == 0 else "advise",
        help="drop: all caches of the machine (root); advise: only the files that are measured",
    )
    option("--millrace", type=Path, default=LAUNCHER, help="launcher to measure")
    option(
        "--publish",
        action="store_true",
        help="put the figures, of a clean commit that is built, where the documents show them",
    )
    option("--against", metavar="COMMIT", help="compare with Millrace at this commit, or this launcher")
    options = parser.parse_args(words)
    if options.publish and (options.against or options.quick):
        parser.error("--publish is of whole runs against the peers: not with --against or --quick")
    known = against.WORK if options.against else ALL
    if unknown := [name for name in options.names if name not in known]:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(known)}")
    options.dir, options.millrace = options.dir.resolve(), options.millrace.resolve()
    options.size = options.size or (256 << 20 if options.quick else 4 << 30)
    options.names = options.names or [name for name in known if name != "soak"]
    options.rounds = options.rounds or (2 if options.quick else 5)
    return options


def measure(session, names):
    for name in names:
        try:
            if session.options.against:
                against.run(session, name)
            else:
                ALL[name].run(session)
        except (BenchError, OSError) as error:
            session.problem(f"{name}: {error}")
        except (KeyError, ValueError) as error:
            session.problem(f"{name}: an answer that is not understood: {error!r}")


def main(words):
    options = parse(words)
    if not options.millrace.is_file():
        sys.exit(f"bench: {options.millrace} is missing: build Millrace first")
    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, lambda got, _: sys.exit(128 + got))
    began = report.now()
    commit = publish.commit() if options.publish else None
    with WorkFiles(options.dir, options.keep) as files:
        session = Session(options, files)
        facts = machine.describe(options.dir, options.millrace)
        say(machine.one_line(facts))
        try:
            measure(session, options.names)
        finally:  # an interrupted run still shows what it has
            finish(session, facts, began)
        if commit and not session.problems:
            publish.add(report.as_json(session, facts, began, report.now()), commit)
    worse = options.against and any(row.met() is False for row in session.rows)
    return 1 if session.problems or worse else 0


def finish(session, facts, began):
    options = session.options
    drawing = options.plot or options.dir / "bench.svg"
    rounds = options.json or options.dir / "bench.json"
    report.write(rounds, report.as_json(session, facts, began, report.now()))
    drawing.write_text(plot.svg(session.rows, machine.one_line(facts)))
    print(report.table(session.rows))
    print(f"\n{machine.one_line(facts)}")
    if session.size < FAIR_BYTES:
        print("note: too little data to judge a target by: the start of the JVM outweighs it")
    if facts["load_before"] > BUSY_LOAD:
        print(f"note: the machine was busy (load {facts['load_before']:.1f}): expect noise")
    for skipped in session.skipped:
        print(f"skipped: {skipped['what']}: {skipped['why']}")
    for problem in session.problems:
        print(f"PROBLEM: {problem}")
    say(f"every round is in {rounds}, drawn in {drawing}")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BenchError as error:
        sys.exit(f"bench: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
