# SPDX-License-Identifier: Apache-2.0
"""A service under test: `millrace serve` with a configuration of its own, and ways to ask it.

What it costs is read from /proc, never asked of the service: asking is work too.
"""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import process
from process import BenchError

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE_SECONDS = 60
STOP_SECONDS = 30
STOPPED = 128 + signal.SIGTERM
SAMPLE = re.compile(r"^([a-z_]+)(?:\{(.*)\})? (\S+)$")


class Service:
    """Runs while its block does. `body` is YAML below the directories and addresses."""

    def __init__(self, session, body, environment=()):
        self.session, self.body = session, body
        self.place = session.files.scratch / "service"
        self.environment = os.environ | dict(environment)
        self.port, self.jmx = free_ports(2)
        self.file = self.place / "millrace.yaml"
        self.credential = self.place / "run/jmx.credential"
        self.log = self.place / "log"
        self.child = None

    def __enter__(self):
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir()
        self.configure(self.body)
        with contextlib.ExitStack() as stack:
            heard = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
            heard.bind(str(self.place / "notify"))
            self.environment["NOTIFY_SOCKET"] = str(self.place / "notify")
            log = stack.enter_context(self.log.open("wb"))
            began = time.perf_counter()
            command = self.session.millrace("serve", "--config", self.file)
            streams = {"stdout": log, "stderr": log, "env": self.environment}
            self.child = stack.enter_context(process.started(command, **streams))
            await_ready(heard, self)
            self.ready_seconds = time.perf_counter() - began
            while self.get("/readyz")[0] != 200:
                self.check(began)
                time.sleep(0.005)
            self.filled_seconds = time.perf_counter() - began
            self.start_cpu_seconds = self.cpu_seconds()
            self.open = stack.pop_all()
        return self

    def __exit__(self, kind, *_):
        if kind:  # what went wrong is told, and no more is asked of it
            self.open.close()
            return
        self.child.send_signal(signal.SIGTERM)
        try:
            code = self.child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            raise BenchError(f"the service does not stop: {process.tail(self.log, 600)}") from None
        finally:
            self.open.close()
        if code != STOPPED:
            raise BenchError(f"the service ended with {code}: {process.tail(self.log, 600)}")

    def check(self, began):
        if self.child.poll() is not None:
            said = process.tail(self.log, 600)
            raise BenchError(f"the service ended with {self.child.returncode}: {said}")
        if time.perf_counter() - began > PATIENCE_SECONDS:
            raise BenchError(f"the service is not ready: {self.get('/readyz')}")

    def configure(self, body):
        """Writes the file anew; it is read at the start, or by a reload."""
        self.file.write_text(
            f"state-directory: {self.place}/state\nruntime-directory: {self.place}/run\n"
            f"http: {{ listen: 127.0.0.1:{self.port} }}\njmx: {{ listen: 127.0.0.1:{self.jmx} }}\n{body}"
        )

    def ctl(self, *words, allowed=(0,)):
        """What `millrace ctl` answers: a listing, or else the sentence on its standard error."""
        command = self.session.millrace("ctl", "--credential", self.credential, *words)
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        if done.returncode not in allowed:
            raise BenchError(f"ctl {' '.join(map(str, words))}: {done.stderr.strip()[:400]}")
        return done.stdout or done.stderr

    def scan(self, *words):
        """Starts a scan and returns its id."""
        said = self.ctl("scan", "start", *words)
        found = re.search(r"\S+-\d+", said)
        if not found:
            raise BenchError(f"ctl scan start: no id in {said!r}")
        return found.group().rstrip(".:,")

    def get(self, path):
        """(status, body); (0, "") while nobody listens."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        except ConnectionRefusedError:
            return 0, ""
        finally:
            line.close()

    def scrape(self):
        """(seconds, samples by their name with labels)."""
        began = time.perf_counter()
        status, text = self.get("/metrics")
        seconds = time.perf_counter() - began
        if status != 200:
            raise BenchError(f"/metrics answers {status}")
        return seconds, samples(text)

    def status(self):
        """The state of the service."""
        status, text = self.get("/status.json")
        if status != 200:
            raise BenchError(f"/status.json answers {status}")
        return json.loads(text)

    def await_idle(self, seconds):
        """Until no scan is under way."""
        deadline = time.monotonic() + seconds
        while self.scrape()[1]["millrace_scans_active"]:
            if time.monotonic() > deadline:
                raise BenchError(f"a scan is not over after {seconds:.0f} s")
            time.sleep(0.2)

    def proc(self, name):
        return Path(f"/proc/{self.child.pid}/{name}")

    def cpu_seconds(self):
        """Of the process, without its children."""
        words = self.proc("stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / TICKS

    def thread_seconds(self, prefix):
        """CPU time of the threads whose names begin so (the kernel keeps 15 letters of a name)."""
        total = 0
        for task in self.proc("task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                if (task / "comm").read_text().strip().startswith(prefix[:15]):
                    words = (task / "stat").read_text().rpartition(")")[2].split()
                    total += (int(words[11]) + int(words[12])) / TICKS
        return total

    def resident_bytes(self):
        found = re.search(r"VmRSS:\s+(\d+) kB", self.proc("status").read_text())
        return int(found.group(1)) * 1024

    def read_bytes(self):
        """Bytes that it had the devices read."""
        return process.read_bytes(self.child.pid)

    def counts(self):
        """What may leak: descriptors, threads, children, resident bytes."""
        children = []
        for task in self.proc("task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a thread that ended
                children += (task / "children").read_text().split()
        return {
            "descriptors": len(os.listdir(self.proc("fd"))),
            "threads": len(os.listdir(self.proc("task"))),
            "children": len(children),
            "resident_bytes": self.resident_bytes(),
        }


def await_ready(heard, service):
    began = time.perf_counter()
    heard.settimeout(0.05)
    while True:
        with contextlib.suppress(TimeoutError):
            if b"READY=1" in heard.recv(4096):
                return
        service.check(began)


def free_ports(count):
    """Nobody else's at this moment."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def samples(text):
    found = (SAMPLE.match(line) for line in text.splitlines() if not line.startswith("#"))
    return {
        f"{one.group(1)}{{{one.group(2)}}}" if one.group(2) else one.group(1): float(one.group(3))
        for one in found
        if one
    }
