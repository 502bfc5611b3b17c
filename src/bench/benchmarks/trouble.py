# SPDX-License-Identifier: Apache-2.0
"""What a service costs whose 20 pools are all in trouble, each in another kind of it.

Directories are removed, renamed, replaced by files, links and other directories; file systems are
full, out of inodes, read-only, unmounted and exchanged. Processor time is read from /proc, from a
minute after the trouble began. Needs root, for tmpfs.
"""

import contextlib
import os
import subprocess
import time

from benchmarks.idle import wakeups
from process import BenchError
from rows import Lane, Row, Target
from service import Service

KINDS = (
    ("removed", "renamed", "file", "dangling", "link", "exchanged", "full", "inodes", "read-only")
    + ("unmounted", "remounted", "foreign", "removed", "renamed", "file", "full", "inodes")
    + ("no-parent", "flapping", "read-only")
)
SIZES = {"full": "size=2m", "inodes": "size=8m,nr_inodes=7"}
MOUNTED = ("full", "inodes", "read-only", "unmounted", "remounted")
READY, FILE_KIB, STRANGERS, BEATS = 4, 64, 20_000, 600
SETTLE_SECONDS, CPU_PERCENT = 60, 1
TROUBLE = ("starved", "failed")
HARMLESS = ("link", "exchanged", "foreign", "flapping")  # filled anew, or full, or now and then


def run(session):
    if os.geteuid() != 0:
        session.skip("trouble", "mounting needs root")
        return
    seconds = 10 if session.quick else 60

    def turn():
        place = session.files.scratch / "trouble"
        with contextlib.ExitStack() as stack:
            directories = [prepare(stack, place / f"p{i}", kind) for i, kind in enumerate(KINDS)]
            with Service(session, body(directories)) as service:
                for directory, kind in zip(directories, KINDS):
                    afflict(directory, kind)
                flap(directories, SETTLE_SECONDS / (6 if session.quick else 1))
                return costs(service, directories, seconds)

    measured = session.interleave("trouble", [Lane("20 pools", turn)], 1)
    report(session, measured)


def body(directories):
    lines = (
        f"  p{i}: {{ directory: {one}, file-size: {FILE_KIB}KiB, ready: {READY} }}\n"
        for i, one in enumerate(directories)
    )
    return "pools:\n" + "".join(lines)


def prepare(stack, parent, kind):
    ready = parent / "ready"
    ready.mkdir(parents=True)
    if kind in MOUNTED:
        mount("-t", "tmpfs", "-o", SIZES.get(kind, "size=8m"), "tmpfs", ready)
        stack.callback(subprocess.run, ["umount", "-l", ready], stderr=subprocess.DEVNULL)
    return ready


def mount(*words):
    subprocess.run(["mount", *words], check=True)


def patiently(deed):
    """A pool makes files while its directory is removed or its file system unmounted."""
    for _ in range(BEATS):
        if deed():
            return
        time.sleep(0.02)
    raise BenchError("a pool does not get into trouble")


def remove(directory):
    return not subprocess.run(["rm", "-rf", directory], stderr=subprocess.DEVNULL).returncode


def unmount(directory):
    return not subprocess.run(["umount", directory], stderr=subprocess.DEVNULL).returncode


def afflict(ready, kind):
    away, other = ready.with_name("away"), ready.with_name("other")
    if kind == "removed":
        patiently(lambda: remove(ready))
    elif kind == "no-parent":
        patiently(lambda: remove(ready.parent))
    elif kind in ("renamed", "file", "dangling", "link", "exchanged"):
        ready.rename(away)
        if kind == "file":
            ready.touch()
        elif kind == "dangling":
            ready.symlink_to("nowhere")
        elif kind == "link":
            other.mkdir()
            ready.symlink_to(other)
        elif kind == "exchanged":
            other.mkdir()
            other.rename(ready)
    elif kind in ("full", "inodes"):
        exhaust(ready)
    elif kind == "read-only":
        exhaust(ready)  # so that files are missing
        words = ["mount", "-o", "remount,ro", ready]
        patiently(lambda: not subprocess.run(words, stderr=subprocess.DEVNULL).returncode)
    elif kind in ("unmounted", "remounted"):
        patiently(lambda: unmount(ready))
        if kind == "remounted":
            mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", ready)
    elif kind == "foreign":
        for number in range(STRANGERS):
            (ready / f"f{number}").touch()


def exhaust(ready):
    """Claims without removing, until no file comes any more."""
    for number in range(60):
        for file in ready.glob("p*"):
            with contextlib.suppress(FileNotFoundError):
                file.rename(ready / f"x{number}-{file.name}")
        time.sleep(0.1)


def flap(directories, seconds):
    """One directory goes and comes back, second by second."""
    ready = directories[KINDS.index("flapping")]
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        time.sleep(1)
        away = ready.with_name("away")
        ready.rename(away) if ready.is_dir() else away.rename(ready)


def costs(service, directories, seconds):
    log = service.log.stat().st_size
    cpu, woke, began = service.cpu_seconds(), wakeups(service), time.perf_counter()
    pools = service.thread_seconds("millrace-pool-")
    flap(directories, seconds)
    passed = time.perf_counter() - began
    more = sum(count - woke.get(task, 0) for task, count in wakeups(service).items())
    return {
        "seconds": passed,
        "cpu_percent": 100 * (service.cpu_seconds() - cpu) / passed,
        "pools_percent": 100 * (service.thread_seconds("millrace-pool-") - pools) / passed,
        "wakeups": more / passed,
        "log_bytes_per_minute": 60 * (service.log.stat().st_size - log) / passed,
        "states": states(service),
    }


def states(service):
    """The state of each pool. That of all but HARMLESS must be trouble."""
    found = {pool["name"]: pool["state"].lower() for pool in service.status()["pools"]}
    well = [
        kind
        for i, kind in enumerate(KINDS)
        if kind not in HARMLESS and found.get(f"p{i}") not in TROUBLE
    ]
    if well:
        raise BenchError(f"no trouble for pools whose directory is {', '.join(well)}")
    return found


def report(session, measured):
    def add(what, key, unit, limit=None):
        target = limit and Target(limit, at_least=False, absolute=True)
        row = Row("trouble", what, unit, measured.median("20 pools", key), target=target)
        session.add(row)

    add("processor, 20 pools in trouble", "cpu_percent", "% of a core", CPU_PERCENT)
    add("of that, threads of pools", "pools_percent", "% of a core")
    add("wake-ups", "wakeups", "/s")
    add("log", "log_bytes_per_minute", "B/min")
