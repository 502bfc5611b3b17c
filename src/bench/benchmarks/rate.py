# SPDX-License-Identifier: Apache-2.0
"""A scan at 100 MiB/s, then, by `ctl scan rate` while it runs, at 300 MiB/s.

Judged by what the device delivered meanwhile (/proc/diskstats), and by what the service had it
deliver (/proc/PID/io), which nobody else's reads disturb.
"""

import time

import device
from process import BenchError
from rows import Lane, Row, Target
from service import Service

RATES_MIB = (100, 300)
MIB = 1 << 20
SETTLE_SECONDS, NEAR = 1.5, 0.05


def run(session):
    seconds = 5 if session.quick else 10
    size = sum(RATES_MIB) * MIB * (seconds + 4)
    big = session.files.random("rate", size)

    def turn():
        session.cold([big])
        body = f"roots: [{session.files.directory}]\nlimits: {{ parallel: 1 }}\n"
        with Service(session, body) as service:
            scan = service.scan("--rate", f"{RATES_MIB[0]}MiB", "--cache", "drop", big)
            facts = {}
            for rate in RATES_MIB:
                if rate != RATES_MIB[0]:
                    service.ctl("scan", "rate", scan, f"{rate}MiB")
                facts |= speeds(service, big, rate, seconds)
            if not service.scrape()[1]["millrace_scans_active"]:
                raise BenchError("the scan was over too soon")
            service.ctl("scan", "cancel", scan)
            return facts

    measured = session.interleave("rate", [Lane("millrace", turn)], min(session.rounds, 3))
    for rate in RATES_MIB:
        for source, name in (("device", "device"), ("own", "the service's own reads")):
            ours = measured.median("millrace", f"{source}_{rate}")
            row = Row("rate", f"{rate} MiB/s set, {name}", "MiB/s", ours)
            session.add(row)
            off = abs(ours / rate - 1) * 100
            near = Target(NEAR * 100, at_least=False, absolute=True)
            session.add(Row("rate", f"{rate} MiB/s, {name} off by", "%", off, target=near))


def speeds(service, file, rate, seconds):
    time.sleep(SETTLE_SECONDS)
    began, own, all_reads = time.perf_counter(), service.read_bytes(), device.read_bytes(file)
    time.sleep(seconds)
    own, passed = service.read_bytes() - own, time.perf_counter() - began
    facts = {f"own_{rate}": own / passed / MIB}
    if all_reads is not None:
        facts[f"device_{rate}"] = (device.read_bytes(file) - all_reads) / passed / MIB
    return facts
