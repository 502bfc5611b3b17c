# SPDX-License-Identifier: Apache-2.0
"""Steps: what the service is for works inside the unit."""

import re

import install
from report import Skipped, expect, wait_for
from service import resident_bytes

READY = 8
MIB = 1 << 20
SLACK_BYTES = 64 << 10
# Some hosts take cold pages away by themselves (DAMON), from one file more than from the other.
HOST_BYTES = 4 * MIB
# As the unit has its filter answer.
REFUSED = re.compile(r'millrace_syscall_errors_total\{call="(\w+)",errno="ENOSYS"\}')
# What Millrace has another way for: each has its own tests.
PLANNED = {"openat2", "cachestat"}
TIME_STAMP = re.compile(r"\d\d:\d\d:\d\d")


def mebibytes(count):
    return f"{count / MIB:.1f} MiB"


class Working:
    def __init__(self, service):
        self.service = service
        self.machine = service.machine
        self.pool = self.machine.disk / "wal/ready"

    def steps(self):
        return [
            ("pool is full of reserved files", self.pool_is_full),
            ("what is claimed by rename is made anew", self.pool_is_refilled),
            ("what is claimed by ctl is renamed", self.ctl_claims),
            ("a scan leaves the page cache as it was", lambda: self.is_neutral("digest")),
            ("so does one that feeds workers", lambda: self.is_neutral("workers")),
            ("where residency is not told, the fallback holds", self.says_unknown),
            ("a worker for each file", lambda: self.worker("sum", r"^[0-9a-f]{64}  -$")),
            ("a worker with a terminal", lambda: self.worker("screen", r"^/dev/pts/\d+$")),
            ("a worker with priorities", lambda: self.worker("polite", r"^10\s+idle$")),
            ("a persistent worker", lambda: self.worker("lines", r"lines")),
            ("a worker has no rights of its own", self.worker_has_no_rights),
            ("/proc has what yielding needs", self.proc_is_readable),
            ("HTTP says that it is ready, and counts", self.answers),
            ("the system call filter is met where that is planned only", self.refused_calls),
            ("log lines have priorities and no time stamps", self.log_lines),
        ]

    def ready_files(self):
        return sorted(self.pool.glob("log-*"))

    def pool_is_full(self):
        wait_for(lambda: len(self.ready_files()) == READY, 10, f"{READY} files")
        for file in self.ready_files():
            status = file.stat()
            expect(status.st_size == MIB <= status.st_blocks * 512, f"{file.name} is not reserved")
            expect(status.st_mode & 0o777 == 0o660, f"{file.name} has mode {status.st_mode:o}")
        return f"{READY} files of 1 MiB"

    def pool_is_refilled(self):
        before = self.ready_files()
        self.service.run("sh", "-c", "mkdir /srv/taken && mv /srv/wal/ready/log-* /srv/taken")
        wait_for(lambda: len(self.ready_files()) == READY, 5, f"{READY} new files")
        expect(not set(before) & set(self.ready_files()), "a name came twice")
        return f"{self.ready_files()[0].name} and on"

    def ctl_claims(self):
        told = self.service.run(
            "millrace", "ctl", "pool", "claim", "log", "/srv/wal/mine", user="operator"
        )
        status = (self.machine.disk / "wal/mine").stat()
        expect(status.st_size == MIB <= status.st_blocks * 512, "not a file of the pool")
        return told

    def is_neutral(self, source):
        files, summary = self.service.results(source)
        expect(files[0]["bytes"] == install.FILE_BYTES and not files[0]["error"], files[0])
        before = self.service.hot_bytes[source]
        expect(before < install.FILE_BYTES, f"{before} bytes were resident before")
        left = resident_bytes(self.machine.disk / "own" / source)
        control = self.service.hot_bytes["control"]
        control -= resident_bytes(self.machine.disk / "own/control")
        seen = f"{left} bytes resident, were {before}; {summary['cache']}"
        expect(left <= before + SLACK_BYTES, seen)
        expect(left >= before - control - HOST_BYTES, seen)
        used = {name: count for name, count in summary["cache"]["strategies"].items() if count}
        seen = f"{mebibytes(before)} resident before, {mebibytes(left)} after, by {used}"
        return f"{seen} (an equal file that nobody read lost {mebibytes(control)})"

    def says_unknown(self):
        _, summary = self.service.results("foreign")
        unknown = summary["cache"]["residency_unknown_bytes"]
        expect(unknown == install.FILE_BYTES, f"unknown are {unknown} bytes")
        return f"{unknown >> 20} MiB of a file of root's"

    def worker(self, name, wanted):
        outcome = self.outcome(name)
        said = str(outcome["output"] if "output" in outcome else outcome["result"]).strip()
        expect(outcome["outcome"] == "done" and re.search(wanted, said, re.MULTILINE), outcome)
        return said

    def outcome(self, name):
        files, _ = self.service.results("workers")
        return next(outcome for outcome in files[0]["workers"] if outcome["name"] == name)

    def worker_has_no_rights(self):
        said = self.outcome("rights")["output"]
        expect(re.search(r"CapEff:\s+0+\n(.*\n)*CapAmb:\s+0+\nNoNewPrivs:\s+1", said), said)
        expect(said.count("Read-only file system") == 2, said)
        return "no capability, none to be had, and /etc and /usr are read-only"

    def proc_is_readable(self):
        self.service.inside("cat", "/proc/diskstats", "/proc/self/mountinfo")
        if self.machine.run("cat", "/proc/pressure/io").code != 0:
            raise Skipped("this kernel has no /proc/pressure")
        return self.service.inside("head", "-n1", "/proc/pressure/io")

    def answers(self):
        for path in ("/healthz", "/readyz", "/"):
            self.service.fetch(path)
        counted = self.metrics()
        expect(counted['millrace_pool_ready_files{pool="log"}'] == READY, counted)
        expect(counted["millrace_scan_read_bytes_total"] >= 3 * install.FILE_BYTES, counted)
        return f"{len(counted)} series"

    def metrics(self):
        lines = self.service.fetch("/metrics").splitlines()
        series = (line.rpartition(" ") for line in lines if line and not line.startswith("#"))
        return {name: float(value) for name, _, value in series}

    def refused_calls(self):
        met = [REFUSED.match(series) for series in self.metrics()]
        calls = {call.group(1) for call in met if call}
        expect(calls <= PLANNED, f"refused: {calls}")
        return ", ".join(sorted(calls)) or "nowhere"

    def log_lines(self):
        with self.service.journal(everything=True) as all_lines:
            lines = [line for line in all_lines() if line.is_own]
        expect(lines, "no line in the journal")
        for line in lines:
            expect(not TIME_STAMP.match(line.text) and not line.text.startswith("<"), line)
        priorities = sorted({line.priority for line in lines})
        expect(set(priorities) <= {3, 4, 6, 7} and 6 in priorities, f"priorities {priorities}")
        return f"{len(lines)} lines, priorities {priorities}, such as: {lines[0]}"
