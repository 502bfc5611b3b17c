# SPDX-License-Identifier: Apache-2.0
"""The program beside an earlier commit of itself, so that nothing that landed gets slower or bigger.

Both do the same work in turns. A ratio is the tree's
figure by the commit's, in the same round; the row shows the median. Processor time (user and
system, of the program and what it starts) and peak memory may be 5 % above; wall time is for
information, since a machine with other work decides over it.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import cache
import process
from process import BenchError, say
from rows import Lane, Row, Target
from session import ROOT

LIMIT = 1.05
TREE = (60, 1000)
QUICK_TREE = (10, 100)
SMALL_BYTES = 1 << 20
FIGURES = (
    ("processor time", "s", lambda facts: facts["user_seconds"] + facts["system_seconds"], True),
    ("wall time", "s", lambda facts: facts["seconds"], False),
    ("peak memory", "MiB", lambda facts: facts["max_rss_bytes"] / (1 << 20), True),
)


@dataclass(frozen=True)
class Work:
    """What both do: `words` after the launcher, on `files`, "cold" or "warm"."""

    words: tuple[str, ...]
    files: str = ""
    state: str = "warm"
    pipe: str = ""


SCAN = ("scan", "--progress", "never")
WORK = {
    "version": Work(("--version",)),
    "help": Work(("scan", "--help")),
    "small": Work((*SCAN, "--digest", "sha256"), "small"),
    "tree": Work((*SCAN, "--digest", "sha256"), "tree"),
    "cold-tree": Work((*SCAN, "--digest", "crc32c"), "tree", "cold"),
    "sha256": Work((*SCAN, "--digest", "sha256"), "big"),
    "crc32c": Work((*SCAN, "--digest", "crc32c"), "big"),
    "cold": Work((*SCAN, "--digest", "crc32c"), "big", "cold"),
    "feed": Work((*SCAN, "--exec", "wc -c"), "big"),
    "cat": Work(("cat",), "big", pipe="wc -c"),
    "residency": Work(("cache", "status"), "tree"),
}


def run(session, name):
    commit, launcher = built(session, session.options.against)
    launchers = {"tree": session.millrace(), "commit": [str(launcher)]}
    measured = session.interleave(name, lanes(session, WORK[name], launchers))
    for what, unit, figure, limited in FIGURES:
        ours, theirs = ([figure(facts) for facts in measured.lanes[lane]] for lane in launchers)
        ratios = [mine / other for mine, other in zip(ours, theirs)]
        row = Row(name, what, unit, median(ours), commit, median(theirs), ratios)
        row.target = Target(LIMIT, at_least=False) if limited else None
        session.add(row)


def lanes(session, work, launchers):
    roots, files = data(session, work.files)

    def lane(name):
        command = [*launchers[name], *work.words, *map(str, roots)]
        if work.pipe:
            command = ["bash", "-o", "pipefail", "-c", f'"$@" | {work.pipe}', "bash", *command]

        def turn():
            if files:
                session.cold(files) if work.state == "cold" else cache.warm(files)
            process.run([*launchers[name], "--help"], session.files.scratch)  # warms the program
            done = process.run(command, session.files.scratch)
            return {"command": session.shown(command)} | done.cost()

        return Lane(name, turn, needs=(launchers[name][0],))

    return [lane(name) for name in launchers]


def data(session, kind):
    """What is named on the command line, and the files that are made cold or warm."""
    if kind == "tree":
        tree = session.files.small_files(*(QUICK_TREE if session.quick else TREE))
        return [tree], sorted(file for file in tree.rglob("*") if file.is_file())
    if not kind:
        return [], []
    files = [session.files.random(kind, SMALL_BYTES if kind == "small" else session.size)]
    return files, files


def built(session, name):
    """The commit's short id and its launcher, built in a clone that is kept for the next time."""
    if Path(name).is_file():
        return "other", Path(name).resolve()
    found = git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    if found.returncode:
        raise BenchError(f"no commit {name!r}")
    commit = found.stdout.strip()
    place = session.files.directory / "against" / commit
    launcher = place / "target/millrace/bin/millrace"
    if not launcher.exists():
        say(f"building {commit[:12]}")
        if not place.exists():
            checked(git("clone", "--quiet", "--no-checkout", "--shared", ROOT, place))
        checked(git("-C", place, "checkout", "--quiet", "--force", "--detach", commit))
        maven = ["mvn", "-B", "-q", "-Dmaven.test.skip=true", "package"]
        checked(subprocess.run(maven, cwd=place, stdin=subprocess.DEVNULL, capture_output=True, text=True))
    return commit[:12], launcher


def git(*words):
    return subprocess.run(["git", *map(str, words)], cwd=ROOT, capture_output=True, text=True)


def checked(done):
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["nothing on stderr"]
        raise BenchError(f"{' '.join(map(str, done.args))} ended with {done.returncode}: {said[0]}")
