# SPDX-License-Identifier: Apache-2.0
"""What a neighbour feels: random 8 KiB reads of a hot file while a big cold file is read.

Both run in one memory group of 2 GiB, the neighbour's file takes 1.2 GiB of it, 8 GiB are read:
a machine in small, where plain reading pushes the hot file out. In every round a fresh neighbour
makes its file hot, checks that it is, and times its reads during nothing at all, during Millrace,
and during the alternatives. Sizes follow --size (4 GiB). The ratio is p99 against the idle p99 of
the same round. A scan that is over sooner disturbs for less long, so its seconds stand besides.

What the kernel makes of it hangs on how the hot pages were used, so that is fixed. The file is in
single pages (in large folios one touch keeps 2 MiB alive). Pages that were read twice are on the
active list, which even cat spares for a while, and whether that or the flood comes first is a race.
So there are three neighbours: one reads as fast as it can from the moment that its file is hot;
"paced" reads 20,000 times a second, as a database might, and comes back to a page after seconds;
"settled", for information, has read as fast as it can for 5 seconds before the scan begins.
"""

import contextlib
import json
import signal
import subprocess
import time

import process
from group import MemoryGroup, why_not
from process import BenchError
from rows import Lane, Row, Target

IDLE, MILLRACE, CAT, NOCACHE, LIMITED = "idle", "millrace", "cat", "nocache cat", "cat in a group"
PACED, SETTLED = ", paced", ", settled"
PACE_PER_MS, SETTLE_SECONDS = 20, 5
LEAST_BYTES = 2 << 30
LIMITED_BYTES = 128 << 20
HOT = 0.999


def run(session):
    if reason := why_not():
        session.skip("neighbour", reason)
        return
    program = session.native("neighbour", "neighbour")
    if program is None:
        return
    scale = max(session.size, LEAST_BYTES)
    hot = session.files.random("hot", scale * 3 // 10)
    cold = [session.files.random(name, scale) for name in "ab"]
    scan = session.millrace("scan", "--digest", "crc32c", "--json", "--progress", "never")

    def lane(name, *command, own_group=False, settle=0, pace=0):
        def phase():
            facts = session.cold([hot, *cold])
            if command:
                process.run([*command, session.primer()], session.files.scratch)
            with MemoryGroup("neighbour", scale // 2) as group:
                words = [*command, *cold] if command else []
                with reading(group, program, hot, pace) as child:
                    if settle:
                        time.sleep(settle)
                        child.send_signal(signal.SIGUSR1)
                    facts |= scan_beside(session, group, words, own_group)
                    return facts | latencies(child)

        return Lane(name, phase, needs=command[:1])

    lanes = [
        lane(IDLE),
        lane(MILLRACE, *scan),
        lane(CAT, "cat"),
        lane(NOCACHE, "nocache", "cat"),
        lane(LIMITED, "cat", own_group=True),
        lane(IDLE + PACED, pace=PACE_PER_MS),
        lane(MILLRACE + PACED, *scan, pace=PACE_PER_MS),
        lane(CAT + PACED, "cat", pace=PACE_PER_MS),
        lane(MILLRACE + SETTLED, *scan, settle=SETTLE_SECONDS),
        lane(CAT + SETTLED, "cat", settle=SETTLE_SECONDS),
    ]
    report(session, session.interleave("neighbour", lanes))


@contextlib.contextmanager
def reading(group, program, hot, pace):
    """A neighbour whose file is hot, and which has just begun to read it at random."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with process.started(group.around([program, hot, str(pace)]), **pipes) as child:
        ready = answer(child)
        if ready["resident"] < HOT * ready["size"]:
            raise BenchError(f"the neighbour cannot keep its file hot: {ready}")
        child.stdin.write(b"g")
        child.stdin.flush()
        yield child


def latencies(child):
    """Ends the neighbour and asks what it saw."""
    child.send_signal(signal.SIGTERM)
    facts = answer(child)
    child.wait()
    facts["reads_per_second"] = facts["reads"] / facts.pop("seconds")
    return facts


def scan_beside(session, group, command, own_group):
    """Runs the command, or if it is empty lets the neighbour read undisturbed for a while."""
    if not command:
        time.sleep(2 if session.quick else 5)
        return {}
    if own_group:
        with MemoryGroup("cat", LIMITED_BYTES) as other:
            done = process.run(other.around(command), session.files.scratch, "null")
    else:
        done = process.run(group.around(command), session.files.scratch, sink(command))
    return {"command": session.shown(command), "scan_seconds": done.seconds}


def sink(command):
    return "null" if command[-3] == "cat" else "file"


def answer(child):
    line = child.stdout.readline()
    if not line:
        raise BenchError(f"the neighbour ended with {child.wait()}")
    return json.loads(line)


def report(session, measured):
    def add(what, lane, key, idle=IDLE, unit="µs", scale=1000, target=None):
        """A row of the lane against the idle one of its round; only Millrace's figure is "ours"."""
        if lane in measured:
            pairs = zip(measured.values(lane, key), measured.values(idle, key))
            ratios = [busy / quiet for busy, quiet in pairs]
            busy, quiet = (measured.median(name, key) / scale for name in (lane, idle))
            sides = (busy, idle, quiet) if lane.startswith(MILLRACE) else (None, lane, busy)
            session.add(Row("neighbour", f"{what}, × idle", unit, *sides, ratios, target))

    for kind, idle in (("", IDLE), (PACED, IDLE + PACED)):
        spared, hurt = Target(1.2, at_least=False), Target(10)
        add(f"p99 during the scan{kind}", MILLRACE + kind, "p99_ns", idle, target=spared)
        add(f"p99 during cat{kind}", CAT + kind, "p99_ns", idle, target=hurt)
    add("p99 during the scan, settled", MILLRACE + SETTLED, "p99_ns")
    add("p99 during cat, settled", CAT + SETTLED, "p99_ns")
    add("p99 during nocache cat", NOCACHE, "p99_ns")
    add("p99 during cat in its own 128 MiB group", LIMITED, "p99_ns")
    add("p50 during the scan", MILLRACE, "p50_ns")
    for lane, name in ((MILLRACE, "the scan"), (CAT, "cat")):
        add(f"p99.9 during {name}", lane, "p999_ns")
        add(f"reads during {name}", lane, "reads_per_second", unit="/s", scale=1)
    for lane in (CAT, NOCACHE, LIMITED):
        seconds = (MILLRACE, "scan_seconds"), (lane, "scan_seconds")
        session.speed("neighbour", measured, "the scan beside it", *seconds)
