# SPDX-License-Identifier: Apache-2.0
"""The service inside a machine, as systemd, its journal and its own files show it."""

import contextlib
import json
import subprocess
import time

from report import Failed, wait_for

UNIT = "millrace.service"
CONFIGURATION = "etc/millrace/millrace.yaml"
RESULTS = "var/lib/millrace/results"
PAGE = "http://127.0.0.1:9847"
JOURNAL = ("journalctl", "--quiet")
FETCH = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=5).read().decode())"
START_SECONDS = 20  # on a busy machine; what it took is told


class Service:
    def __init__(self, machine):
        self.machine = machine
        self.hot_bytes = {}  # by name of a source's file, before the first scan

    def run(self, *command, **more):
        """What the command said; it has to end well."""
        done = self.machine.run(*command, **more)
        if done.code != 0:
            raise Failed(
                f"exit code {done.code} of {' '.join(map(str, command))}: {done.out.strip()}"
            )
        return done.out

    def systemctl(self, *words):
        return self.run("systemctl", *words, UNIT)

    def show(self, *properties):
        """A property, or several as a list, as texts."""
        told = self.run("systemctl", "show", UNIT, *(f"--property={name}" for name in properties))
        found = dict(line.split("=", 1) for line in told.splitlines())
        values = [found[name] for name in properties]
        return values[0] if len(values) == 1 else values

    def is_active(self):
        return self.show("ActiveState", "SubState") == ["active", "running"]

    def start(self):
        """Starts it with a clean slate."""
        self.run("systemctl", "reset-failed")
        self.systemctl("start")

    def wait_active(self, seconds, other_than=None):
        """The main process, as soon as the unit is active with another one."""

        def look():
            pid = self.show("MainPID")
            return pid if pid not in ("0", other_than) and self.is_active() else None

        return wait_for(look, seconds, "active unit")

    def start_seconds(self):
        """From being started to being ready, the last time."""
        begun, ready = map(
            int, self.show("InactiveExitTimestampMonotonic", "ActiveEnterTimestampMonotonic")
        )
        return (ready - begun) / 1e6

    def stuck_workers(self):
        """The processes of the worker that never ends: a scan is under way."""
        return set(self.machine.run("pgrep", "-fx", "sleep 1000").out.split())

    @contextlib.contextmanager
    def journal(self, everything=False):
        """In `with service.journal() as lines:` are `lines()` the entries since, systemd's too."""
        mark = []
        if not everything:
            last = self.run(*JOURNAL, "--lines=1", "--output=cat", "--show-cursor")
            mark = ["--after-cursor=" + last.rpartition("cursor: ")[2].strip()]

        def since():
            told = self.run(*JOURNAL, "--output=json", f"--unit={UNIT}", *mark)
            return [Line(json.loads(line)) for line in told.splitlines()]

        yield since

    def last_words(self):
        return self.run(*JOURNAL, "--output=cat", "--lines=12", f"--unit={UNIT}").strip()

    def inside(self, *command):
        """In the mount namespace of the main process, with its user and without a capability."""
        pid = self.show("MainPID")
        user = ["setpriv", "--reuid=millrace", "--regid=millrace", "--init-groups"]
        user += ["--bounding-set=-all"]
        return self.run("nsenter", "-t", pid, "--mount", "--", *user, *command)

    def results(self, source, seconds=30):
        """What came of the last scan of a source: its files and its summary."""
        file = self.machine.root / RESULTS / f"{source}.ndjson"
        wait_for(file.exists, seconds, f"result of source {source}")
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        return lines[:-1], lines[-1]

    def fetch(self, path):
        """What the service answers to GET; it has to be 200."""
        return self.run("python3", "-c", FETCH, PAGE + path)

    def configure(self, change=None):
        """Writes the configuration, changed by a function of its text."""
        text = self.original if change is None else change(self.original)
        (self.machine.root / CONFIGURATION).write_text(text)

    def configured(self):
        return (self.machine.root / CONFIGURATION).read_text()

    @property
    def original(self):
        return (self.machine.root / f"{CONFIGURATION}.original").read_text()


class Line:
    """An entry of the journal."""

    def __init__(self, fields):
        message = fields.get("MESSAGE")
        self.text = (
            message if isinstance(message, str) else bytes(message or ()).decode(errors="replace")
        )
        self.priority = int(fields.get("PRIORITY", 6))
        self.is_own = fields.get("_COMM") != "systemd"

    def __str__(self):
        return f"<{self.priority}>{self.text}"


def own(lines, text):
    """The first line of the program's own with that text, if there is one."""
    return next((line for line in lines if text in line.text and line.is_own), None)


def resident_bytes(file):
    """Of a file of the machine, seen from outside."""
    ask = ["fincore", "--bytes", "--noheadings", "--output=RES", file]
    return int(subprocess.run(ask, check=True, capture_output=True, text=True).stdout)


def seconds_since(begin):
    return f"{time.monotonic() - begin:.1f} s"
