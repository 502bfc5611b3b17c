# SPDX-License-Identifier: Apache-2.0
"""What a neighbour feels: random 8 KiB reads of a hot file while a big cold file is read.

Both run in one memory group of 2 GiB, the neighbour's file takes 1.2 GiB of it, 8 GiB are read:
a machine in small, where plain reading pushes the hot file out. In every round a fresh neighbour
makes its file hot, checks that it is, and times its reads during nothing at all, during Millrace,
and during the alternatives. Sizes follow --size (4 GiB). The ratio is p99 against the idle p99 of
the same round. A scan that is over sooner disturbs for less long, so its seconds stand besides.

What the kernel makes of it hangs on two things, which are therefore fixed. The file is in single
pages (in large folios one touch keeps 2 MiB alive), and the scan begins as soon as it is hot, when
most pages were read once. Pages that were read twice are on the active list, which even cat spares:
"settled" shows that case, for information. A real working set has pages of both kinds.
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
SETTLED_MILLRACE, SETTLED_CAT = "millrace, settled", "cat, settled"
SETTLE_SECONDS = 5
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

    def lane(name, *command, own_group=False, settle=0):
        def phase():
            facts = session.cold([hot, *cold])
            if command:
                process.run([*command, session.primer()], session.files.scratch)
            with MemoryGroup("neighbour", scale // 2) as group:
                words = [*command, *cold] if command else []
                with reading(group, program, hot) as child:
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
        lane(SETTLED_MILLRACE, *scan, settle=SETTLE_SECONDS),
        lane(SETTLED_CAT, "cat", settle=SETTLE_SECONDS),
    ]
    report(session, session.interleave("neighbour", lanes))


@contextlib.contextmanager
def reading(group, program, hot):
    """A neighbour whose file is hot, and which has just begun to read it at random."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with process.started(group.around([program, hot]), **pipes) as child:
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
    def add(what, lane, key, *peer, target=None):
        """A row of the lane's latency against the idle one; only Millrace's is "ours"."""
        if lane not in measured:
            return
        pairs = zip(measured.values(lane, key), measured.values(IDLE, key))
        ratios = [busy / idle for busy, idle in pairs]
        figure = measured.median(lane, key) / 1000
        ours = figure if lane in (MILLRACE, SETTLED_MILLRACE) else None
        idle = measured.median(IDLE, key) / 1000
        theirs = (IDLE, idle) if ours else (lane, figure)
        session.add(Row("neighbour", what, "µs", ours, *theirs, ratios, target))

    add("p99 during the scan, × idle", MILLRACE, "p99_ns", target=Target(1.2, at_least=False))
    add("p99 during cat, × idle", CAT, "p99_ns", target=Target(10))
    add("p99 during nocache cat, × idle", NOCACHE, "p99_ns")
    add("p99 during cat in its own 128 MiB group, × idle", LIMITED, "p99_ns")
    add("p50 during the scan, × idle", MILLRACE, "p50_ns")
    add("p99.9 during the scan, × idle", MILLRACE, "p999_ns")
    add("p99.9 during cat, × idle", CAT, "p999_ns")
    add("settled: p99 during the scan, × idle", SETTLED_MILLRACE, "p99_ns")
    add("settled: p99 during cat, × idle", SETTLED_CAT, "p99_ns")
    for lane, name in ((MILLRACE, "scan"), (CAT, "cat")):
        key = "reads_per_second"
        pairs = zip(measured.values(lane, key), measured.values(IDLE, key))
        ratios = [busy / idle for busy, idle in pairs]
        rates = measured.median(lane, key), IDLE, measured.median(IDLE, key)
        session.add(Row("neighbour", f"reads during the {name}, × idle", "/s", *rates, ratios))
    for lane in (CAT, NOCACHE, LIMITED):
        seconds = (MILLRACE, "scan_seconds"), (lane, "scan_seconds")
        session.speed("neighbour", measured, "the scan beside it", *seconds)
