# SPDX-License-Identifier: Apache-2.0
"""What the catalog costs and finds: recording, verifying on the device, and many small files.

Recording is compared with the same scan without it, cold. Verifying reads the device also where
the file is hot: there the peer is fio with O_DIRECT, which is what the device gives; beside it the
plain scan, which checks the memory. Many small files are compared with the tools that audit a tree
against a list of their own: hashdeep -a, rhash -c, and aide --check where it is installed.
"""

import shutil
import time
from statistics import median

import process
from benchmarks.scan import FIO, fio_seconds
from rows import Lane, Row, Target

EACH = 1000
DIRECTORIES, QUICK_DIRECTORIES = 100, 10
SETTLED_SECONDS = 3  # what was written less than two seconds ago is no baseline
MIB = 1 << 20
MAX_MIB, MAX_BYTES_EACH = 200, 200
KEPT = 0.98  # hosts may reclaim idle cache, and what is read past the cache stays idle
FIO_QUEUE = FIO.replace("psync", "libaio").replace("--bs=1M", "--bs=4M --iodepth=4")
AIDE = "database_in=file:{0}/aide.in\ndatabase_out=file:{0}/aide.in\n{1} sha256+s\n"


def run(session):
    big = session.data("a")
    directories = QUICK_DIRECTORIES if session.quick else DIRECTORIES
    tree = session.files.small_files(directories, EACH, (1000, 9000))
    small = sorted(path for path in tree.glob("*/*"))
    time.sleep(SETTLED_SECONDS)
    record_big(session, big)
    record_small(session, tree, small)
    verify_big(session, big)
    verify_small(session, tree, small)


def scan(session, *more):
    return session.millrace("scan", "--progress", "never", "--digest", "crc32c", *more)


def catalog(session, name, paths):
    """The options for a fresh catalog, which has the paths recorded."""
    place = empty(session, name)
    process.run([*scan(session, *place, "--record"), *paths], session.files.scratch)
    return place


def empty(session, name):
    directory = session.files.scratch / name
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    return "--catalog", directory


def recording(session, what, files, roots):
    """A cold scan that records into an empty catalog, against one that does not."""
    name = f"catalog-{what.split()[0]}"

    def afresh(done):
        empty(session, name)
        return {}

    def lane(lane_name, *more, after=None):
        words = scan(session, *more)
        return session.reading(
            lane_name, lambda paths: [*words, *paths], files, "cold", roots=roots, after=after
        )

    place = empty(session, name)
    lanes = [lane("scan --record", *place, "--record", after=afresh), lane("scan")]
    measured = session.interleave("catalog", lanes)
    whole = ("scan --record", "seconds"), ("scan", "seconds")
    session.speed("catalog", measured, f"recording {what}, cold", *whole, 0.9)


def record_big(session, big):
    recording(session, "one big file", big, big)


def record_small(session, tree, small):
    recording(session, f"{len(small):,} small files", small, [tree])


def verify_big(session, big):
    place = catalog(session, "catalog-of-big", [*big, session.primer()])
    verify = session.millrace("verify", "--json", "--progress", "never", *place)

    def own(done):
        facts = session.own(done, session.size)
        device = done.summary()["origin"]["device_bytes"]
        if device != session.size:
            session.problem(f"catalog: {device} of {session.size} bytes were read on the device")
        return facts

    def lane(name, command, state, **more):
        return session.reading(name, command, big, state, **more)

    lanes = []
    for state in ("warm", "half", "cold"):
        lanes.append(lane(f"verify, {state}", lambda paths: [*verify, *paths], state, after=own))
    plain = scan(session, "--json")
    lanes += [
        lane("scan, warm", lambda paths: [*plain, *paths], "warm", after=summary_seconds),
        lane("scan, cold", lambda paths: [*plain, *paths], "cold", after=summary_seconds),
        lane("fio", lambda paths: fio(FIO, paths), "warm", after=fio_seconds),
        lane("fio, 4 in flight", lambda paths: fio(FIO_QUEUE, paths), "warm", after=fio_seconds),
    ]
    measured = session.interleave("catalog", lanes)
    for state in ("warm", "half", "cold"):
        ours = f"verify, {state}", "own_seconds"
        what = f"verified on the device, {state} before, own seconds"
        best = 0.8 if state == "warm" else None
        session.speed("catalog", measured, what, ours, ("fio", "own_seconds"), best)
        session.speed("catalog", measured, what, ours, ("fio, 4 in flight", "own_seconds"))
    for state in ("warm", "cold"):
        ours, peer = f"verify, {state}", f"scan, {state}"
        what = f"verified on the device, {state} before, own seconds"
        session.speed("catalog", measured, what, (ours, "own_seconds"), (peer, "own_seconds"))
    kept(session, measured)


def kept(session, measured):
    """That the device was read, and that what was hot is hot afterwards."""
    for state in ("warm", "half"):
        key = "hot_after_bytes" if state == "half" else "resident_after_bytes"
        before = "hot_before_bytes" if state == "half" else "resident_before_bytes"
        pairs = zip(measured.values(f"verify, {state}", key), measured.values(f"verify, {state}", before))
        share = median(after / hot for after, hot in pairs)
        what = f"hot after verifying, {state} before, × before"
        session.add(Row("catalog", what, "×", share, target=Target(KEPT, absolute=True)))


def fio(command, paths):
    return [*command.split(), f"--filename={paths[0]}"]


def summary_seconds(done):
    return {"own_seconds": done.summary()["seconds"]}


def verify_small(session, tree, small):
    scratch = session.files.scratch
    paths = [tree]
    place = catalog(session, "catalog-of-small", [tree, session.primer()])
    size = sum(file.stat().st_size for file in place[1].iterdir())
    target = Target(MAX_BYTES_EACH, at_least=False, absolute=True)
    session.add(Row("catalog", "database, bytes a file", "B", size / len(small), target=target))

    verify = session.millrace("verify", "--quiet", "--progress", "never", *place)
    lanes = [
        session.reading("verify", lambda roots: [*verify, *roots], small, "warm", roots=paths),
        audit(session, "hashdeep -a", small, paths, hashdeep(session, tree)),
        audit(session, "rhash -c", small, paths, rhash(session, tree)),
        aide(session, small, paths, tree),
    ]
    measured = session.interleave("catalog", lanes)
    what = f"{len(small):,} unchanged small files, warm"
    for peer, at_least in (("hashdeep -a", 2.0), ("rhash -c", None), ("aide --check", None)):
        session.speed("catalog", measured, what, ("verify", "seconds"), (peer, "seconds"), at_least)
    peak = max(measured.values("verify", "max_rss_bytes")) / MIB
    limit = Target(MAX_MIB, at_least=False, absolute=True)
    session.add(Row("catalog", f"peak of verifying {len(small):,} files", "MiB", peak, target=limit))
    few = sorted(tree.iterdir())[:1]
    least = process.run([*verify, *few], scratch).max_rss_bytes / MIB
    growth = Target(1.1, at_least=False)
    session.add(
        Row("catalog", f"peak, × {EACH:,} files", "MiB", peak, "verify", least, [peak / least], growth)
    )


def audit(session, name, files, roots, command):
    """A peer whose list was made when it was installed; it has to find every file good."""
    if command is None:
        return Lane(name, dict, (name.split()[0],))
    return session.reading(name, lambda _: command, files, "warm", roots=roots)


def hashdeep(session, tree):
    if not shutil.which("hashdeep"):
        return None
    known = session.files.scratch / "known.hashdeep"
    made = process.run(["hashdeep", "-c", "sha256", "-r", tree], session.files.scratch)
    shutil.copy(made.out, known)
    return ["hashdeep", "-c", "sha256", "-a", "-r", "-k", known, tree]


def rhash(session, tree):
    if not shutil.which("rhash"):
        return None
    sums = session.files.scratch / "SHA256.rhash"
    process.run(["rhash", "--sha256", "-r", tree, "-o", sums], session.files.scratch)
    return ["rhash", "--sha256", "-c", "--skip-ok", sums]


def aide(session, files, roots, tree):
    name, program = "aide --check", shutil.which("aide")
    if program is None:
        return Lane(name, dict, ("aide",))
    scratch = session.files.scratch
    rules = scratch / "aide.conf"
    rules.write_text(AIDE.format(scratch, tree))
    process.run([program, "--init", f"--config={rules}"], scratch)
    return session.reading(
        name, lambda _: [program, "--check", f"--config={rules}"], files, "warm", roots=roots
    )
