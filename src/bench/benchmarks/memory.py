# SPDX-License-Identifier: Apache-2.0
"""Peak resident memory of a scan that has much to do: many files, or one endless one.

10,000 and 1,000,000 small files (the first are a part of the second), and a sparse file of 1 TiB,
all with crc32c. The peak is the kernel's own (ru_maxrss of the process). Flat means that it does
not grow with the work: each is compared with the 10,000 files.
"""

import process
from process import BenchError, say
from rows import Lane, Row, Target

EACH = 1000
LIMIT_MIB = 200
GROWTH = 1.1
MIB = 1 << 20


def run(session):
    directories = 100 if session.quick else 1000
    sparse_bytes = 16 << 30 if session.quick else 1 << 40
    tree = session.files.small_files(directories, EACH)
    sparse = session.files.sparse("zeros", sparse_bytes)
    scan = session.millrace("scan", "--digest", "crc32c", "--json", "--progress", "never")

    def lane(name, paths, files):
        def peak():
            done = process.run([*scan, *paths], session.files.scratch)
            summary = done.summary()
            if summary["files"] != files or summary["failed"]:
                raise BenchError(f"millrace scanned {summary} instead of {files} files")
            return {"command": session.shown([*scan, *paths][:8])} | done.cost()

        return Lane(name, peak)

    few, many, endless = f"{10 * EACH:,} files", f"{directories * EACH:,} files", size(sparse_bytes)
    lanes = [
        lane(few, sorted(tree.iterdir())[:10], 10 * EACH),
        lane(many, [tree], directories * EACH),
        lane(endless, [sparse], 1),
    ]
    measured = session.interleave("memory", lanes, rounds=min(session.rounds, 2))
    say(f"memory: a peak below {process.own_peak_rss_bytes() // MIB} MiB cannot be seen")
    for name in (few, many, endless):
        peaks = [peak / MIB for peak in measured.values(name, "max_rss_bytes")]
        limit = Target(LIMIT_MIB, at_least=False, absolute=True)
        session.add(Row("memory", f"peak of {name}", "MiB", max(peaks), target=limit))
    for name in (many, endless):
        growth = [
            big / small
            for big, small in zip(
                measured.values(name, "max_rss_bytes"), measured.values(few, "max_rss_bytes")
            )
        ]
        figures = measured.median(name, "max_rss_bytes") / MIB, few
        base = measured.median(few, "max_rss_bytes") / MIB
        flat = Target(GROWTH, at_least=False)
        session.add(Row("memory", f"peak of {name}, × {few}", "MiB", *figures, base, growth, flat))


def size(number):
    return f"{number >> 40} TiB sparse" if number >= 1 << 40 else f"{number >> 30} GiB sparse"
