# SPDX-License-Identifier: Apache-2.0
"""A pool of 64 files of 1 MiB, and four processes that claim as fast as they can.

The claimers (native/claimer.c) rename, check each file's size, blocks and links, and remove it; a
file that is not as promised, and a name that comes twice, fail the benchmark. Beside the service a
plain C loop keeps the same directory filled (native/keeper.c: a file at a time, nothing watched,
no reserve kept, no name durable before it is used). 10^5 claims of each in all.
"""

import contextlib
import shutil
import signal
import subprocess
import time

import process
from process import BenchError
from rows import Lane, Row, Target
from service import Service

FILE_BYTES, READY, CLAIMERS = 1 << 20, 64, 4
CLAIMS, QUICK_CLAIMS = 100_000, 4_000
MILLRACE, PLAIN = "millrace", "plain C keeper"
CLAIMS_PER_SECOND, P99_MS = 500, 1


def run(session):
    claimer, keeper = (session.native("pool", name) for name in ("claimer", "keeper"))
    if claimer is None or keeper is None:
        return
    each = (QUICK_CLAIMS if session.quick else CLAIMS) // session.rounds // CLAIMERS
    place = session.files.scratch / "pool"

    def lane(name, keeping):
        def turn():
            shutil.rmtree(place, ignore_errors=True)
            (place / "ready").mkdir(parents=True)
            try:
                with keeping(session, place / "ready", keeper) as cost:
                    facts = claim(place, claimer, each)
                    return facts | cost(facts["claims"])
            finally:
                shutil.rmtree(place)

        return Lane(name, turn)

    report(session, session.interleave("pool", [lane(MILLRACE, ours), lane(PLAIN, theirs)]))


@contextlib.contextmanager
def ours(session, directory, _):
    body = (
        f"reserve: 1GiB\npools:\n  bench:\n    directory: {directory}\n"
        f"    file-size: {FILE_BYTES}\n    ready: {READY}\n"
    )
    with Service(session, body) as service:
        before = service.cpu_seconds(), service.thread_seconds("millrace-pool-")

        def cost(claims):
            whole, keeper = service.cpu_seconds(), service.thread_seconds("millrace-pool-")
            await_count(service, claims)
            return {"cpu_seconds": whole - before[0], "keeper_seconds": keeper - before[1]}

        yield cost


def await_count(service, claims):
    """The service has to know of every claim, and of no more."""
    deadline, counted = time.monotonic() + 15, None
    while time.monotonic() < deadline:
        counted = service.scrape()[1]['millrace_pool_claims_total{pool="bench"}']
        if counted == claims:
            return
        time.sleep(0.1)
    raise BenchError(f"{claims} files were claimed, the service counts {counted:.0f}")


@contextlib.contextmanager
def theirs(session, directory, keeper):
    command = [keeper, directory, str(READY), str(FILE_BYTES)]
    with process.started(command, stdout=subprocess.PIPE) as child:
        while len(list(directory.iterdir())) < READY:
            time.sleep(0.01)

        def cost(_):
            child.send_signal(signal.SIGTERM)
            seconds = float(child.stdout.read())
            if child.wait():
                raise BenchError(f"the plain keeper ended with {child.returncode}")
            return {"cpu_seconds": seconds, "keeper_seconds": seconds}

        yield cost


def claim(place, claimer, each):
    with contextlib.ExitStack() as stack:
        outputs, children = [], []
        began = time.perf_counter()
        for number in range(CLAIMERS):
            goal = place / f"goal{number}"
            goal.mkdir()
            outputs.append(place / f"claims{number}")
            streams = {"stdout": stack.enter_context(outputs[-1].open("wb"))}
            command = [claimer, place / "ready", goal, str(each), str(FILE_BYTES)]
            children.append(stack.enter_context(process.started(command, **streams)))
        for child in children:
            if child.wait():
                raise BenchError(f"a claimer ended with {child.returncode}: a file not as promised")
        seconds = time.perf_counter() - began
    words = [line.split() for out in outputs for line in out.read_text().splitlines()]
    nanos = sorted(int(took) for _, took in words)
    double = len(words) - len({name for name, _ in words})
    if double or len(words) != each * CLAIMERS:
        raise BenchError(f"{len(words)} claims of {each * CLAIMERS}, {double} names twice")
    return {
        "claims": len(words),
        "seconds": seconds,
        "claims_per_second": len(words) / seconds,
        "rename_p50_ns": nanos[len(nanos) // 2],
        "rename_p99_ns": nanos[len(nanos) * 99 // 100],
        "rename_most_ns": nanos[-1],
    }


def report(session, measured):
    def add(what, key, unit, scale, target=None, per_claim=False, more_is_better=False):
        def figure(lane):
            values = zip(measured.values(lane, key), measured.values(lane, "claims"))
            return [value / (claims if per_claim else 1) for value, claims in values]

        ratios = [
            mine / plain if more_is_better else plain / mine
            for mine, plain in zip(figure(MILLRACE), figure(PLAIN))
        ]
        mine, plain = (sorted(figure(lane))[session.rounds // 2] for lane in (MILLRACE, PLAIN))
        session.add(
            Row("pool", what, unit, mine * scale, PLAIN, plain * scale, ratios, target)
        )

    enough = Target(CLAIMS_PER_SECOND, absolute=True)
    add("claims by 4 processes", "claims_per_second", "/s", 1, enough, more_is_better=True)
    add("rename, p50", "rename_p50_ns", "µs", 1e-3)
    quick = Target(P99_MS, at_least=False, absolute=True)
    add("rename, p99", "rename_p99_ns", "ms", 1e-6, quick)
    add("rename, longest", "rename_most_ns", "ms", 1e-6)
    add("keeper's CPU time a claim", "keeper_seconds", "µs", 1e6, per_claim=True)
    add("process's CPU time a claim", "cpu_seconds", "µs", 1e6, per_claim=True)
    checked = sum(measured.values(MILLRACE, "claims"))
    what = f"double, short or unreserved of {checked}"
    session.add(Row("pool", what, "", 0))  # one, and the benchmark would have failed
