# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus scrapes every second for five minutes (--minutes), during scans and claims.

There are 50 pools and 50 sources; one of these has 10^6 names (a tree of hard links), and is
scanned to its end at least once, however long that takes. `up` has to be 1 all the time, no scrape
may fail, and `promtool check metrics` has to be silent, else the benchmark fails.
"""

import contextlib
import json
import subprocess
import time
import urllib.parse
import urllib.request

import process
from load import Load
from process import BenchError
from rows import Lane, Row, Target
from service import Service, free_ports
from settings import crowded

INTERVAL_SECONDS = 1
COUNT, NAMES, QUICK_NAMES = 50, 1_000_000, 50_000
SCRAPE_MS, SERIES = 20, 500
PATIENCE_SECONDS = 60
PROGRAMS = ("prometheus", "promtool")


def run(session):
    lane = Lane("millrace", lambda: scraped(session), PROGRAMS)
    measured = session.interleave("prometheus", [lane], 1)
    if lane.name in measured:
        report(session, measured.lanes[lane.name][0])


def scraped(session):
    count = QUICK_NAMES if session.quick else NAMES
    names = session.files.names(count)
    with Service(session, crowded(session, names, COUNT)) as service:
        service.await_idle(PATIENCE_SECONDS)  # the sources that were never scanned before
        with Prometheus(session, service) as ask:
            began = time.monotonic()
            with Load(session, service, ("names", "many", "big", "failing")) as load:
                time.sleep(60 * session.minutes(5))
                while load.done["scans"] < 2:  # that of the names is not over
                    load.check()
                    time.sleep(1)
                check(service)
                facts = verdict(ask, int(time.monotonic() - began))
        return facts | load.done | {"files": read_files(service, count)}


def read_files(service, least):
    found = service.scrape()[1].items()
    files = sum(value for name, value in found if name.startswith("millrace_scan_files_total{"))
    if files < least:
        raise BenchError(f"{least} names were scanned, the service counts {files:.0f}")
    return files


def check(service):
    text = service.get("/metrics")[1]
    said = subprocess.run(
        ["promtool", "check", "metrics"], input=text, capture_output=True, text=True
    )
    if said.returncode or said.stdout or said.stderr:
        raise BenchError(f"promtool check metrics: {said.stdout}{said.stderr}"[:600])


class Prometheus:
    """One of its own that scrapes the service while the block runs; called, it answers a query."""

    def __init__(self, session, service):
        self.place = session.files.scratch / "prometheus"
        (self.port,) = free_ports(1)
        self.target = f"127.0.0.1:{service.port}"

    def __enter__(self):
        self.place.mkdir()
        file = self.place / "prometheus.yml"
        interval = f"{{ scrape_interval: {INTERVAL_SECONDS}s }}"
        job = f"{{ job_name: millrace, static_configs: [ {{ targets: ['{self.target}'] }} ] }}"
        file.write_text(f"global: {interval}\nscrape_configs: [ {job} ]\n")
        command = ["prometheus", f"--config.file={file}", f"--storage.tsdb.path={self.place}/data"]
        command.append(f"--web.listen-address=127.0.0.1:{self.port}")
        with contextlib.ExitStack() as stack:
            log = stack.enter_context((self.place / "log").open("wb"))
            stack.enter_context(process.started(command, stdout=log, stderr=log))
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not self.answers():
                if time.monotonic() > deadline:
                    raise BenchError(f"prometheus: {process.tail(self.place / 'log', 600)}")
                time.sleep(0.2)
            self.open = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.open.close()

    def answers(self):
        try:
            return bool(self("up"))
        except OSError:
            return False

    def __call__(self, query):
        """The values of an instant query."""
        found = self.api("query", query=query)["result"]
        return [float(series["value"][1]) for series in found]

    def api(self, name, **words):
        url = f"http://127.0.0.1:{self.port}/api/v1/{name}?{urllib.parse.urlencode(words)}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)["data"]


def verdict(ask, seconds):
    span = f"[{seconds}s]"
    (scrapes,) = ask(f"count_over_time(up{span})")
    (least,) = ask(f"min_over_time(up{span})")
    (target,) = ask.api("targets")["activeTargets"]
    if least != 1 or target["lastError"] or target["health"] != "up":
        raise BenchError(f"a scrape failed: least up {least:g}, {target['lastError']!r}")
    if scrapes < 0.9 * seconds / INTERVAL_SECONDS:
        raise BenchError(f"only {scrapes:.0f} scrapes in {seconds} s")
    (median,) = ask(f"quantile_over_time(0.5, scrape_duration_seconds{span})")
    (longest,) = ask(f"max_over_time(scrape_duration_seconds{span})")
    (series,) = ask(f"max_over_time(scrape_samples_scraped{span})")
    return {"scrapes": scrapes, "median": median, "longest": longest, "series": series}


def report(session, facts):
    def add(what, value, unit="", most=None):
        limit = None if most is None else Target(most, at_least=False, absolute=True)
        session.add(Row("prometheus", what, unit, value, target=limit))

    add("scrapes, all of them up", facts["scrapes"])
    add("scrape_duration_seconds, median", 1000 * facts["median"], "ms", SCRAPE_MS)
    add("scrape_duration_seconds, longest", 1000 * facts["longest"], "ms")
    add("series", facts["series"], most=SERIES)
    for what in ("scans", "files", "claims"):
        add(f"{what} meanwhile", facts[what])
