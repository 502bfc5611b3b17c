# SPDX-License-Identifier: Apache-2.0
"""Half an hour (--minutes) of everything at once, and what is left of it afterwards.

Scans with good, failing and crashing workers, claims, good and bad reloads, scrapes, clients of
/events that hang up, and calls over JMX. Descriptors, threads, children, resident memory and heap
are taken after a warm-up of five minutes and a pause of two, and again two minutes after the end:
what has grown by more than the slack below is a leak, and fails the benchmark. The heap is taken
after a full collection (jcmd, where there is one).
"""

import os
import shutil
import subprocess
import time

from load import Load
from process import BenchError, say
from rows import Row, Target
from service import Service
from settings import everything

SAMPLE_SECONDS = 10
MIB = 1 << 20

# How much more than before is no leak: threads and connections that are kept for a while, and what
# the JVM compiled meanwhile.
SLACK = {
    "descriptors": 4,
    "threads": 3,
    "children": 0,
    "resident_bytes": 16 * MIB,
    "heap_bytes": 3 * MIB,
}

# After less of a warm-up the JVM still compiles, and its heap (64 MiB at most) still grows.
WARM_SECONDS, COLD_RESIDENT_BYTES = 300, 48 * MIB


def run(session):
    seconds = 60 * session.minutes(30)
    warm, pause = min(WARM_SECONDS, seconds / 3), 15 if session.quick else 120
    attach = {"MILLRACE_JAVA_OPTS": "-XX:-DisableAttachMechanism"}  # for jcmd
    with Service(session, everything(session), attach) as service:
        put_under_load(session, service, warm)
        before = at_rest(session, service, pause)
        done, samples = put_under_load(session, service, seconds)
        after = at_rest(session, service, pause)
    facts = {"before": before, "after": after, "samples": samples} | done
    session.records.append({"benchmark": "soak", "round": 1, "lane": "millrace"} | facts)
    report(session, before, after, samples, done, warm < WARM_SECONDS)


def put_under_load(session, service, seconds):
    samples = []
    deadline = time.monotonic() + seconds
    with Load(session, service, with_reloads=True) as load:
        while (left := deadline - time.monotonic()) > 0:
            time.sleep(min(left, SAMPLE_SECONDS))
            load.check()
            samples.append(service.counts() | {"heap_bytes": heap_bytes(service)})
            say(f"soak: {samples[-1]}, {dict(load.done)}")
    return dict(load.done), samples


def at_rest(session, service, pause):
    service.configure(everything(session))
    service.ctl("reload")
    service.await_idle(120)
    time.sleep(pause)
    if jcmd := which_jcmd():
        subprocess.run([jcmd, str(service.child.pid), "GC.run"], capture_output=True, check=True)
    else:
        session.skip("soak: a collection before the heap is taken", "jcmd is not installed")
    return service.counts() | {"heap_bytes": heap_bytes(service)}


def which_jcmd():
    """That of the Java that the launcher takes, else any."""
    own = f"{os.environ.get('JAVA_HOME', '')}/bin"
    return shutil.which("jcmd", path=own) or shutil.which("jcmd")


def heap_bytes(service):
    found = service.scrape()[1].items()
    heap = [
        value
        for name, value in found
        if name.startswith("jvm_memory_used_bytes{") and 'area="heap"' in name
    ]
    if not heap:
        raise BenchError("no jvm_memory_used_bytes of the heap in /metrics")
    return sum(heap)


def report(session, before, after, samples, done, is_cold):
    allowed = SLACK | ({"resident_bytes": COLD_RESIDENT_BYTES} if is_cold else {})
    for key, slack in allowed.items():
        unit, scale = ("MiB", 1 / MIB) if key.endswith("_bytes") else ("", 1)
        name = key.removesuffix("_bytes")
        most = max(sample[key] for sample in samples)
        limit = Target((before[key] + slack) * scale, at_least=False, absolute=True)
        figures = after[key] * scale, "before", before[key] * scale
        session.add(Row("soak", f"{name} afterwards", unit, *figures, target=limit))
        session.add(Row("soak", f"{name}, most of all", unit, most * scale))
        if not limit.met(after[key] * scale):
            session.problem(f"soak: {name} grew from {before[key]:.0f} to {after[key]:.0f}")
    for what, count in done.items():
        session.add(Row("soak", what, "", count))
