# SPDX-License-Identifier: Apache-2.0
"""50,000 small warm files through persistent workers, and 2,000 with a process each.

Two persistent workers count lines by protocol 1. Against `find -exec wc -c`, which starts a process
a file; against `xargs -n500 -P2` with a feeder that hands each batch to a fresh worker of the same
program; and, harder, with that worker's function reading the files by itself. Per file, `wc -c` is
fed by Millrace, started by find (with and without a shell), and by xargs two at a time. Whole
processes, every count of every file is checked, and Millrace's worker runs in the peers' Python.
"""

import json
import sys
from pathlib import Path

from process import BenchError
from session import ROOT

EACH, BYTES = 100, (100, 8000)
LINES = ROOT / "config/workers/lines.py"
PROGRAMS = Path(__file__).parents[1] / "peers"
SCAN = ("scan", "--json", "--progress", "never")
PERSISTENT, PER_FILE = "millrace, 2 persistent", "millrace, per file"
FIND, FIND_SHELL, XARGS_SHELL = "find -exec wc -c", "find -exec sh", "xargs -P2 sh"
FEEDER, READER = "xargs -P2 feeder", "xargs -P2, no feeding"
BATCHES = """python=$1 program=$2 worker=$3; shift 3
find "$@" -type f -print0 | xargs -0 -n500 -P2 "$python" "$program" "$worker" """
STARTS = {
    FIND: 'find "$@" -type f -exec wc -c {} ";"',
    FIND_SHELL: """find "$@" -type f -exec sh -c 'wc -c <"$1"' sh {} ";" """,
    XARGS_SHELL: """find "$@" -type f -print0 | xargs -0 -n1 -P2 sh -c 'wc -c <"$1"' sh""",
}


def run(session):
    directories = 10 if session.quick else 500
    tree = session.files.small_files(directories, EACH, BYTES)
    persistent(session, tree)
    per_file(session, sorted(tree.iterdir())[: directories // 25 or 2])


def persistent(session, tree):
    files = [str(file) for file in tree.glob("*/*")]
    facts = {file: lines(Path(file).read_bytes()) for file in files}
    total = sum(Path(file).stat().st_size for file in files)
    scan = session.millrace(*SCAN, "--config", configuration(session), "--worker", "lines")

    def lane(name, command, after, needs=()):
        words = (name, lambda paths: [*command, *paths], files, "warm")
        return session.reading(*words, roots=[tree], after=after, needs=needs)

    def fed(done):
        same({path: worker.get("result") for path, worker in served(done)}, facts)
        return session.own(done, total) | {"files": len(files)}

    def batched(done):
        same({line["path"]: line["result"] for line in done.json_lines()}, facts)
        return {"files": len(files)}

    def batches(name, program):
        command = [*shell(BATCHES), sys.executable, PROGRAMS / program, LINES]
        return lane(name, command, batched, needs=("xargs",))

    measured = session.interleave(
        "feed-small",
        [
            lane(PERSISTENT, scan, fed),
            lane(FIND, shell(STARTS[FIND]), counted(files), needs=("find",)),
            batches(FEEDER, "feeder.py"),
            batches(READER, "reader.py"),
        ],
    )
    for peer, at_least in ((FIND, 20.0), (FEEDER, 1.0), (READER, None)):
        what = f"{len(files)} files to 2 persistent workers"
        whole = (PERSISTENT, "seconds"), (peer, "seconds")
        session.speed("feed-small", measured, what, *whole, at_least)


def per_file(session, roots):
    files = [str(file) for root in roots for file in root.iterdir()]
    sizes = {file: Path(file).stat().st_size for file in files}

    def lane(name, command, after, needs=()):
        words = (name, lambda paths: [*command, *paths], files, "warm")
        return session.reading(*words, roots=roots, after=after, needs=needs)

    def fed(done):
        same({path: int(worker["output"]) for path, worker in served(done)}, sizes)
        return session.own(done, sum(sizes.values())) | {"files": len(files)}

    lanes = [lane(PER_FILE, session.millrace(*SCAN, "--exec", "wc -c"), fed)]
    for name, script in STARTS.items():
        lanes.append(lane(name, shell(script), counted(files), needs=(script.split()[0],)))
    measured = session.interleave("feed-small", lanes)
    for peer in STARTS:
        what = f"{len(files)} files, a process each"
        session.speed("feed-small", measured, what, (PER_FILE, "seconds"), (peer, "seconds"))


def shell(script):
    return ["bash", "-o", "pipefail", "-c", script, "bash"]


def lines(data):
    """What the worker has to answer."""
    longest = max(map(len, data.split(b"\n")))
    return {"lines": data.count(b"\n"), "longest_line_bytes": longest}


def configuration(session):
    file = session.files.scratch / "feed.yaml"
    command = json.dumps([sys.executable, str(LINES)])  # as YAML reads it too
    worker = f"{{ command: {command}, mode: persistent, processes: 2 }}"
    file.write_text(f"workers:\n  lines: {worker}\n")
    return file


def served(done):
    """(path, what its one worker did) of every file that was served well."""
    for line in done.json_lines():
        if line["type"] == "file":
            (worker,) = line["workers"]
            if worker["outcome"] != "done":
                raise BenchError(f"a worker failed: {worker}")
            yield line["path"], worker


def counted(files):
    """Checks the sizes that `wc` said, whatever their order and with or without names."""
    expected = sorted(Path(file).stat().st_size for file in files)

    def check(done):
        said = sorted(int(line.split()[0]) for line in done.out.read_bytes().splitlines())
        if said != expected:
            raise BenchError(f"{len(said)} counts for {len(expected)} files, or wrong ones")
        return {"files": len(files)}

    return check


def same(said, expected):
    if said != expected:
        wrong = [path for path in expected if said.get(path) != expected[path]]
        example = f"{said.get(wrong[0])} is not {expected[wrong[0]]}" if wrong else "some too many"
        raise BenchError(f"{len(wrong)} results of {len(expected)} are wrong: {example}")
