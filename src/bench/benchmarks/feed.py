# SPDX-License-Identifier: Apache-2.0
"""A big file fed to 1, 2, 4 and 8 processes: against pv, cat, mbuffer, tee and GNU parallel.

Warm, every process is a `wc -c`, whose count is checked. "own" is the engine's own seconds; a
shell pipeline has no start-up worth the name, so its whole stands on the other side. GNU parallel
copies one stream to all by `--pipe --tee`. (`--pipe-part --tee` is left out: it gives every job the
file itself for standard input, of which `wc -c` only asks the size: 0.1 s for 4 GiB.)

Cold, 8 processes and sha256 share one read. What the device delivered is the kernel's own count,
which has everybody's reads in it, so 1.01 × the file counts as once. With every other 16 MiB of the
file hot beforehand, those must be as hot afterwards as after a scan that feeds nobody.
"""

import hashlib
from statistics import median

from process import BenchError
from rows import Row, Target

COUNTS = (1, 2, 4, 8)
MANY = max(COUNTS)
MIB = 1 << 20
PIPES = {
    "pv -q": 'pv -q "$1" | wc -c',
    "cat": 'cat "$1" | wc -c',
    "mbuffer": 'mbuffer -q -m 64M -i "$1" | wc -c',
}
# The last cat waits for every wc: bash itself does not.
TEE = '{{ tee {} <"$1" | wc -c >&3; }} 3>&1 | cat'
PARALLEL = "parallel --will-cite -j {} {} 'wc -c; : {{}}' ::: {}"
PARALLELS = {
    "parallel --pipe --tee": '--pipe --tee --recend "" <"$1"',
}
PARALLEL_JOBS = 4
HALF = ", half hot"
SHARED = f"millrace, {MANY} workers and sha256"
DIGEST = "millrace, sha256"


def run(session):
    files = session.data("a")
    warm(session, files)
    cold(session, files)


def warm(session, files):
    lanes = [millrace(session, ours(count), files, count) for count in COUNTS]
    lanes += [shell(session, name, script, files, 1) for name, script in PIPES.items()]
    for count in COUNTS[1:]:
        copies = " ".join([">(wc -c >&3)"] * (count - 1))
        lanes.append(shell(session, tee(count), TEE.format(copies), files, count))
    for name, options in PARALLELS.items():
        jobs = " ".join(map(str, range(PARALLEL_JOBS)))
        script = PARALLEL.format(PARALLEL_JOBS, options, jobs)
        lanes.append(shell(session, name, script, files, PARALLEL_JOBS))
    measured = session.interleave("feed", lanes)

    def row(what, lane, key, peer, at_least=None):
        session.speed("feed", measured, what, (lane, key), (peer, "seconds"), at_least)

    for peer, at_least in (("pv -q", 1.0), ("cat", 3.0), ("mbuffer", None)):
        row("warm file into wc -c, whole process", ours(1), "seconds", peer, at_least)
    row("warm file into wc -c, own seconds", ours(1), "own_seconds", "pv -q", 1.3)
    for count, at_least in ((2, None), (4, 6.0), (8, None)):
        row(f"warm file into {count} workers", ours(count), "seconds", tee(count), at_least)
    for name in PARALLELS:
        what = f"warm file into {PARALLEL_JOBS} workers"
        row(what, ours(PARALLEL_JOBS), "seconds", name)


def ours(count):
    return f"millrace, {count} worker{'s' if count > 1 else ''}"


def tee(count):
    return f"tee, {count} processes"


def shell(session, name, script, files, count):
    def counted(done):
        check(session, done.out.read_text().split(), count)
        return {}

    command = ["bash", "-o", "pipefail", "-c", script, "bash"]
    needs = (script.split()[0],) if script.split()[0] != "{" else ("bash", "tee")
    return session.reading(
        name, lambda paths: [*command, *paths], files, "warm", after=counted, needs=needs
    )


def millrace(session, name, files, count, *options, state="warm"):
    words = ("scan", "--json", "--progress", "never", *options, *["--exec", "wc -c"] * count)

    def fed(done):
        file = next(line for line in done.json_lines() if line["type"] == "file")
        workers = file.get("workers", [])
        failed = [worker for worker in workers if worker["outcome"] != "done" or worker["exit"]]
        if failed:
            raise BenchError(f"{len(failed)} workers of {count} failed, one so: {failed[0]}")
        check(session, [worker["output"].strip() for worker in workers], count)
        sha256 = (file.get("digests") or {}).get("sha256")
        return session.own(done, session.size) | {"digest": sha256}

    return session.reading(
        name, lambda paths: session.millrace(*words, *paths), files, state, after=fed
    )


def check(session, counts, processes):
    if counts != [str(session.size)] * processes:
        raise BenchError(f"{processes} × {session.size} bytes were to arrive, there came {counts}")


def cold(session, files):
    sha256 = ("--digest", "sha256")
    with files[0].open("rb") as file:
        expected = hashlib.file_digest(file, "sha256").hexdigest()
    lanes = [
        millrace(session, lane + kind, files, count, *sha256, state=state)
        for kind, state in (("", "cold"), (HALF, "half"))
        for lane, count in ((SHARED, MANY), (DIGEST, 0))
    ]
    measured = session.interleave("feed", lanes)
    for lane in measured.lanes:
        if set(measured.values(lane, "digest")) != {expected}:
            session.problem(f"feed: {lane}: the digest is not {expected}")
    what = f"{MANY} workers and sha256"
    times = (SHARED, "seconds"), (DIGEST, "seconds")
    session.speed("feed", measured, f"cold file, {what}", *times)
    delivered(session, measured, what)
    for key, name in (("resident_after_bytes", "by mincore"), ("left_bytes", "by its own count")):
        sides = [left(measured, lane, key) for lane in (SHARED, DIGEST)]
        if None not in sides:
            figures = sides[0], DIGEST, sides[1]
            session.add(Row("feed", f"left by {what}, {name}", "MiB", *figures))
    shares = [kept(measured, lane + HALF) for lane in (SHARED, DIGEST)]
    if None not in shares:
        as_hot = [100 * median(share) for share in shares]
        ratios = [share / alone for share, alone in zip(*shares)]
        figures = as_hot[0], DIGEST, as_hot[1], ratios, Target(0.99)
        session.add(Row("feed", f"hot before, hot after {what}", "%", *figures))


def delivered(session, measured, what):
    read = measured.values(SHARED, "device_read_bytes")
    if None in read:
        session.skip("feed: device reads", "no line of /proc/diskstats is this file system's")
        return
    once = Target(1.01, at_least=False, absolute=True)
    times = median(read) / session.size
    session.add(Row("feed", f"device reads, cold, {what}", "× the file", times, target=once))


def left(measured, lane, key):
    """MiB that a scan of the cold file left in the page cache, or None where nobody knows."""
    source = measured.lanes[lane]
    values = [(facts | (facts["cache"] or {})).get(key) for facts in source]
    return None if None in values else median(values) / MIB


def kept(measured, lane):
    """Shares of the hot stripes that were hot after the scan, or None where nobody knows."""
    before = measured.values(lane, "hot_before_bytes")
    after = measured.values(lane, "hot_after_bytes")
    if None in before + after:
        return None
    return [end / begin for begin, end in zip(before, after)]
