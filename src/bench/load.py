# SPDX-License-Identifier: Apache-2.0
"""Everything that a service is used for, at once and for as long as a block runs."""

import contextlib
import http.client
import os
import threading
import time
import traceback
from collections import Counter

from process import BenchError
from settings import everything

PATIENCE_SECONDS = 600


class Load:
    """Threads that each do one thing over and over; the first failure of any ends the block badly."""

    def __init__(self, session, service, sources=("many", "big", "failing"), with_reloads=False):
        self.session, self.service, self.sources = session, service, sources
        self.over = threading.Event()
        self.failures, self.done = [], Counter()
        ways = [self.scan, self.claim, self.scrape, self.listen, self.ask]
        ways += [self.reload] if with_reloads else []
        self.threads = [threading.Thread(target=self.repeat, args=(way,)) for way in ways]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, kind, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()
        if self.failures and not kind:
            raise BenchError("; ".join(self.failures))

    def check(self):
        if self.failures:
            raise BenchError("; ".join(self.failures))

    def repeat(self, way):
        turn = 0
        while not self.over.is_set() and not self.failures:
            try:
                way(turn)
            except Exception as error:  # in a thread, so that it has to be carried over
                self.failures.append(f"{way.__name__}: {error!r} {traceback.format_exc(limit=-1)}")
            turn += 1

    def scan(self, turn):
        """Counted at its start, so that one more than there were has ended."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        self.service.scan(self.sources[turn % len(self.sources)])
        self.done["scans"] += 1
        while not self.over.wait(0.2) and self.service.scrape()[1]["millrace_scans_active"]:
            if time.monotonic() > deadline:
                raise BenchError(f"a scan is not over after {PATIENCE_SECONDS} s")

    def claim(self, _):
        directory = self.session.files.scratch / "load-pool-a"
        for name in os.listdir(directory):
            with contextlib.suppress(FileNotFoundError):
                goal = self.session.files.scratch / "load-claimed" / name
                os.rename(directory / name, goal)
                goal.unlink()
                self.done["claims"] += 1
        self.over.wait(0.1)

    def scrape(self, _):
        for path in ("/metrics", "/", "/healthz"):
            status, _ = self.service.get(path)
            if status != 200:
                raise BenchError(f"{path} answers {status}")
            self.done["requests"] += 1
        self.over.wait(0.5)

    def listen(self, _):
        """Some hang up in the middle, as browsers do."""
        lines = [
            http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=10)
            for _ in range(4)
        ]
        try:
            for line in lines:
                line.request("GET", "/events")
            for line in lines[:2]:
                answer = line.getresponse()
                for _ in range(6):
                    answer.readline()
            self.done["listeners"] += len(lines)
        finally:
            for line in lines:
                line.close()
        self.over.wait(0.5)

    def ask(self, turn):
        words = (
            ("status",),
            ("pool", "list"),
            ("scan", "list"),
            ("source", "list"),
            ("worker", "list"),
            ("pool", "resize", "load-pool-a", str(8 + turn % 16)),
            ("pool", "refill", "load-pool-a"),
            ("pool", "refill", "nonexistent"),
        )[turn % 8]
        self.service.ctl(*words, allowed=(0, 1))
        self.done["calls"] += 1
        self.over.wait(0.5)

    def reload(self, turn):
        bodies = everything(self.session, extra=True), "nonsense: [", everything(self.session)
        self.service.configure(bodies[turn % 3])
        bad = turn % 3 == 1
        said = self.service.ctl("reload", allowed=(0, 1, 2, 65, 78))
        if bad == ("reloaded" in said.lower() and "problem" not in said.lower()):
            raise BenchError(f"reload {'bad' if bad else 'good'}: {said!r}")
        self.done["reloads"] += 1
        self.over.wait(3)
