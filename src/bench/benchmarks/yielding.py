# SPDX-License-Identifier: Apache-2.0
"""What a neighbour on the same disk feels: fio's random 4 KiB direct reads, one at a time.

In every round fio reads for half a minute alone, beside an unlimited scan of cold files, and beside
the same scan with `yield-above` at several thresholds. When the scan stood still and was at full
speed again is seen in what the service had the device read (/proc/PID/io, every 20 ms), against
what fio had it read. Then scans with nobody else there, breathing or not.
"""

import contextlib
import itertools
import json
import os
import shutil
import threading
import time

import process
from process import BenchError
from rows import Lane, Row, Target
from service import Service

SHIPPED, THRESHOLDS = 20, (5, 20)
NEVER = 100  # breathes, and makes way for nobody
IDLE, PLAIN, BREATHING, BREATHLESS = "fio alone", "no yielding", "breathing", "not breathing"
SAMPLE_SECONDS, STILL_SECONDS, SPAN_SECONDS = 0.02, 0.4, 0.5
BEFORE_SECONDS, AFTER_SECONDS, PATIENCE_SECONDS = 4, 9, 40
FASTEST, FULL = 4 << 30, 0.9  # more bytes a second than a scan will read; at full speed again
P99_RATIO, STILL_LIMIT, FULL_LIMIT, BREATH_RATIO = 1.5, 2, 5, 0.94
FIO = (
    "--name=neighbour --rw=randread --bs=4k --iodepth=1 --direct=1 --ioengine=psync --readonly"
    " --thread --time_based --output-format=json"
)


def run(session):
    if shutil.which("fio") is None:
        session.skip("yield", "fio is not installed")
        return
    seconds = 8 if session.quick else 30
    place = session.files.random("neighbour", session.size)
    cold = session.data("a", "b")
    links = endless(session, cold, PATIENCE_SECONDS + seconds + AFTER_SECONDS)

    def beside(name, threshold):
        def turn():
            session.cold([place, *cold])
            with Service(session, configuration(links, threshold)) as service:
                service.scan("cold")
                with Sampler(service) as sampler:
                    sampler.await_reading()
                    facts = neighbour(session, place, seconds)
                    time.sleep(AFTER_SECONDS)
                return facts | sampler.verdict(facts)

        return Lane(name, turn)

    lanes = [Lane(IDLE, lambda: neighbour(session, place, seconds)), beside(PLAIN, None)]
    lanes += [beside(f"yield-above {share} %", share) for share in THRESHOLDS]
    report(session, session.interleave("yield", lanes, min(session.rounds, 3)))
    breathe(session, links, cold)


def endless(session, files, seconds):
    """A directory whose files take longer than that to read: many names of few files."""
    links = session.files.scratch / "links"
    links.mkdir()
    for number in range(seconds * FASTEST // session.size + 1):
        os.link(files[number % len(files)], links / f"{number:04}")
    return links


def configuration(links, threshold):
    words = "" if threshold is None else f", yield-above: {{ io-pressure: {threshold}% }}"
    source = f"cold: {{ paths: [{links}] }}"
    return f"limits: {{ parallel: 1{words} }}\nsources: {{ {source} }}\n"


def neighbour(session, file, seconds):
    """What fio tells, and when its reads began and ended: it has a start and an end of its own."""
    out, reads = session.files.scratch / "fio.json", []
    command = ["fio", *FIO.split(), f"--filename={file}", f"--runtime={seconds}", f"--output={out}"]
    with process.started(command) as child:
        while child.poll() is None:
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                reads.append((time.time(), process.read_bytes(child.pid)))
            time.sleep(SAMPLE_SECONDS)
        if child.returncode:
            raise BenchError(f"fio ended with {child.returncode}")
    (job,) = json.loads(out.read_text())["jobs"]
    moved = [after for before, after in itertools.pairwise(reads) if before[1] < after[1]]
    return {
        "p50_ns": job["read"]["clat_ns"]["percentile"]["50.000000"],
        "p99_ns": job["read"]["clat_ns"]["percentile"]["99.000000"],
        "reads_per_second": job["read"]["iops"],
        "began": moved[0][0],
        "ended": moved[-1][0],
    }


class Sampler:
    """Notes what the service has read."""

    def __init__(self, service):
        self.service, self.samples = service, []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.note)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def note(self):
        while not self.over.wait(SAMPLE_SECONDS):
            self.samples.append((time.time(), self.service.read_bytes()))

    def rate(self, begin, end):
        inside = [sample for sample in self.samples if begin <= sample[0] <= end]
        if len(inside) < 2:
            raise BenchError("the service's reads could not be sampled in time")
        (first, before), (last, after) = inside[0], inside[-1]
        return (after - before) / (last - first)

    def await_reading(self):
        """Until the scan has been reading for a while, and for nobody's sake stood still."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            begin = time.time()
            time.sleep(BEFORE_SECONDS)
            seen = self.between(begin + BEFORE_SECONDS / 2, time.time())
            if len(seen) > 1 and not any(self.stands(t, seen[-1][0]) for t, _ in seen):
                return
            if time.monotonic() > deadline:
                raise BenchError("the scan stands still before fio begins: others use this disk")

    def verdict(self, facts):
        """Seconds until the scan stood still and was back; what never came counts as all there was."""
        began, ended = facts["began"], facts["ended"]
        before = self.rate(began - BEFORE_SECONDS / 2, began)
        still = next((t for t, _ in self.between(began, ended) if self.stands(t, ended)), ended)
        whole = self.samples[-1][0]
        spans = self.between(ended, whole - SPAN_SECONDS)
        full = next(
            (t for t, _ in spans if self.rate(t, t + SPAN_SECONDS) >= FULL * before), whole
        )
        return {
            "scan_before": before,
            "scan_during": self.rate(began, ended),
            "still_seconds": still - began,
            "full_seconds": full - ended,
        }

    def between(self, begin, end):
        return [sample for sample in self.samples if begin <= sample[0] <= end]

    def stands(self, begin, end):
        inside = self.between(begin, min(begin + STILL_SECONDS, end))
        return end - begin >= STILL_SECONDS and inside[0][1] == inside[-1][1]


def breathe(session, links, cold):
    seconds = 5 if session.quick else 15

    def lane(name, threshold):
        def turn():
            session.cold(cold)
            with Service(session, configuration(links, threshold)) as service:
                service.scan("cold")
                time.sleep(1)
                began, before = time.perf_counter(), service.read_bytes()
                time.sleep(seconds)
                speed = (service.read_bytes() - before) / (time.perf_counter() - began)
                return {"bytes_per_second": speed}

        return Lane(name, turn)

    lanes = [lane(BREATHING, NEVER), lane(BREATHLESS, None)]
    measured = session.interleave("yield", lanes)
    speeds = [measured.values(name, "bytes_per_second") for name in (BREATHING, BREATHLESS)]
    ratios = [breathing / without for breathing, without in zip(*speeds)]
    ours, theirs = (measured.median(name, "bytes_per_second") / 2**20 for name in (BREATHING, BREATHLESS))
    what = "scan with nobody else there, breathing"
    row = Row("yield", what, "MiB/s", ours, BREATHLESS, theirs, ratios, Target(BREATH_RATIO))
    session.add(row)


def report(session, measured):
    def most(share, value, absolute=True):
        """The figures that count are those of the threshold in the shipped configuration."""
        return Target(value, False, absolute) if share == SHIPPED else None

    for share, lane in ((None, PLAIN), *((n, f"yield-above {n} %") for n in THRESHOLDS)):
        pairs = zip(measured.values(lane, "p99_ns"), measured.values(IDLE, "p99_ns"))
        ratios = [busy / quiet for busy, quiet in pairs]
        ours, idle = (measured.median(name, "p99_ns") / 1000 for name in (lane, IDLE))
        limit = most(share, P99_RATIO, absolute=False)
        what = f"fio's p99, {lane}, × idle"
        session.add(Row("yield", what, "µs", ours, IDLE, idle, ratios, limit))
        during = measured.median(lane, "scan_during") / 2**20
        session.add(Row("yield", f"scan beside fio, {lane}", "MiB/s", during))
        if share is not None:
            for key, what, limit in (
                ("still_seconds", "scan stands still after", STILL_LIMIT),
                ("full_seconds", "scan at full speed again after", FULL_LIMIT),
            ):
                seconds = max(measured.values(lane, key))
                row = Row("yield", f"{what} (longest), {lane}", "s", seconds)
                row.target = most(share, limit)
                session.add(row)
