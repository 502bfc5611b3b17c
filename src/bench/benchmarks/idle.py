# SPDX-License-Identifier: Apache-2.0
"""What the service costs while nothing is to be done, and how soon it is ready.

With 1 pool and 1 source, and with 50 of each. Ready is READY=1 on the notify socket, and then 200
of /readyz (all pools full), each counted from exec. Processor time and resident memory are read
from /proc. A scrape is a whole request on a fresh connection, as Prometheus may make it.
"""

import contextlib
import re
import statistics
import time

import settings
from rows import Lane, Row, Target
from service import Service, samples

COUNTS = (1, 50)
STARTS = 4  # before the one that is measured further
SCRAPES = 100
MIB = 1 << 20
SETTLE_SECONDS = 5
SWITCHES = re.compile(r"^voluntary_ctxt_switches:\s+(\d+)", re.MULTILINE)
READY_SECONDS, CPU_PERCENT, RESIDENT_MIB, SCRAPE_MS, SERIES = 1, 0.2, 128, 20, 500


def run(session):
    seconds = 10 if session.quick else 60

    def lane(count):
        def turn():
            body = settings.idle(session, count)
            starts = [start(session, body) for _ in range(STARTS)]
            with Service(session, body) as service:
                starts.append(service.ready_seconds)
                facts = {"seconds": statistics.median(starts), "starts": starts}
                return facts | costs(service, seconds)

        return Lane(f"{count} and {count}", turn)

    lanes = [lane(count) for count in COUNTS]
    measured = session.interleave("idle", lanes, min(session.rounds, 3))
    for count, contestant in zip(COUNTS, lanes):
        report(session, measured, contestant.name, count)


def start(session, body):
    with Service(session, body) as service:
        return service.ready_seconds


def costs(service, seconds):
    facts = {"filled_seconds": service.filled_seconds}
    facts["start_cpu_seconds"] = service.start_cpu_seconds
    facts["resident_start"] = service.resident_bytes()
    time.sleep(SETTLE_SECONDS)
    facts["cpu_percent"], facts["wakeups"] = idle(service, seconds)
    service.scan("source-0")
    service.await_idle(60)
    facts["resident_scan"] = service.resident_bytes()
    took = [service.scrape()[0] for _ in range(SCRAPES)]
    facts["scrape_ms"] = 1000 * statistics.median(took)
    facts["series"] = len(samples(service.get("/metrics")[1]))
    facts["resident_scrapes"] = service.resident_bytes()
    facts["cpu_percent_after"], facts["wakeups_after"] = idle(service, seconds)
    return facts


def idle(service, seconds):
    """Share of a core in percent, and how often any of its threads woke, a second."""
    cpu, woke, began = service.cpu_seconds(), wakeups(service), time.perf_counter()
    time.sleep(seconds)
    passed = time.perf_counter() - began
    spent = service.cpu_seconds() - cpu
    more = sum(count - woke.get(task, 0) for task, count in wakeups(service).items())
    return 100 * spent / passed, more / passed


def wakeups(service):
    """Of each thread so far; threads come and go."""
    counts = {}
    for task in service.proc("task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found = SWITCHES.search((task / "status").read_text())
            counts[task.name] = int(found.group(1))
    return counts


def report(session, measured, lane, count):
    def add(what, key, unit, scale, most=None):
        limit = None if most is None else Target(most, at_least=False, absolute=True)
        what = f"{what}, {count} and {count}"
        session.add(Row("idle", what, unit, measured.median(lane, key) * scale, target=limit))

    add(f"exec to READY=1, median of {STARTS + 1}", "seconds", "s", 1, READY_SECONDS)
    add("exec to /readyz 200", "filled_seconds", "s", 1)
    add("processor until then", "start_cpu_seconds", "s", 1)
    for when, kind in (("", ""), ("_after", ", after the scrapes")):
        add(f"processor{kind}", f"cpu_percent{when}", "% of a core", 1, CPU_PERCENT)
        add(f"wake-ups{kind}", f"wakeups{when}", "/s", 1)
    for when in ("start", "scan", "scrapes"):
        add(f"resident, after {when}", f"resident_{when}", "MiB", 1 / MIB, RESIDENT_MIB)
    add("scrape, median of 100", "scrape_ms", "ms", 1, SCRAPE_MS)
    add("series", "series", "", 1, SERIES)
