# SPDX-License-Identifier: Apache-2.0
"""Runs one child and says what it cost: wall clock, CPU time, peak resident memory.

The clock starts before the program is spawned and stops when it has been reaped, so start-up is
inside: that is what a person at a terminal waits for. Output goes to files, never through this
process, so that reading it costs the measured program nothing.
"""

import contextlib
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

GRACE_SECONDS = 5


class BenchError(Exception):
    """What one line can say to a reader; the benchmark that raised it is given up."""


def say(text):
    """Progress and messages, beside the results on stdout."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Finished:
    """A child that ended well."""

    command: list[str]
    seconds: float
    user_seconds: float
    system_seconds: float
    max_rss_bytes: int
    out: Path

    def cost(self):
        return {
            "seconds": self.seconds,
            "user_seconds": self.user_seconds,
            "system_seconds": self.system_seconds,
            "max_rss_bytes": self.max_rss_bytes,
        }

    def json_lines(self):
        with self.out.open("rb") as lines:
            return [json.loads(line) for line in lines if line.strip()]

    def summary(self):
        """The last line, which `--json` promises to be the summary."""
        last = tail(self.out).strip().rpartition("\n")[2]
        try:
            summary = json.loads(last)
        except ValueError:
            raise BenchError(f"{self.command[0]}: no JSON summary, the last line is {last[:200]!r}")
        if summary.get("type") != "summary":
            raise BenchError(f"{self.command[0]}: the last JSON line is no summary: {last[:200]}")
        return summary

    def digest(self, hex_digits):
        """The first word of the output that has the length of the digest."""
        found = re.search(rf"(?<!\w)[0-9a-f]{{{hex_digits}}}(?!\w)", tail(self.out).lower())
        return found.group() if found else None


def tail(path, length=65536):
    with path.open("rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - length))
        return file.read().decode("utf-8", "replace")


@contextlib.contextmanager
def started(command, **streams):
    """A child in a process group of its own, which never outlives the block."""
    streams.setdefault("stdin", subprocess.DEVNULL)
    child = subprocess.Popen(command, process_group=0, **streams)
    try:
        yield child
    finally:
        if child.returncode is None:
            end(child)


def end(child):
    """Ends the whole group of a child that has not been reaped (so its number is still its own)."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(GRACE_SECONDS)
            return


def run(command, scratch, sink="file", allowed=(0,)):
    """Runs `command` to its end; `sink` is "file" or "null". A failure is a BenchError."""
    command = [str(word) for word in command]
    out, err = scratch / "out", scratch / "err"
    with open(os.devnull if sink == "null" else out, "wb") as stdout, err.open("wb") as stderr:
        begin = time.perf_counter()
        with started(command, stdout=stdout, stderr=stderr) as child:
            _, status, usage = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - begin
            child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in allowed:
        said = tail(err, 600).strip() or "nothing on stderr"
        raise BenchError(f"{Path(command[0]).name} ended with {child.returncode}: {said}")
    rss = usage.ru_maxrss * 1024  # of the biggest process below the child, the child included
    return Finished(command, seconds, usage.ru_utime, usage.ru_stime, rss, out)


def read_bytes(pid):
    """What it had the devices read so far, all its threads together."""
    found = re.search(r"^read_bytes: (\d+)", Path(f"/proc/{pid}/io").read_text(), re.MULTILINE)
    return int(found.group(1)) if found else 0  # nothing of a process that has just ended


def own_peak_rss_bytes():
    """No child's ru_maxrss is below this: exec inherits the peak of the process that forked."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
