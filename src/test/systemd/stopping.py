# SPDX-License-Identifier: Apache-2.0
"""Steps: the end."""

import re
import time

from report import expect, wait_for
from service import START_SECONDS

STOPPED_WITHIN = 5
STACK_TRACE = re.compile(r"^\s+at [\w.$/]+\(|^Caused by: |Exception in thread")


class Stopping:
    def __init__(self, service):
        self.service = service
        self.machine = service.machine

    def steps(self):
        return [
            ("stopped by ctl, it stays so", self.ctl_stops),
            ("stops in time, with a scan under way", self.stops),
            ("nothing is left running, and the state is kept", self.leaves_nothing),
            ("no stack trace in the journal", self.no_stack_trace),
        ]

    def ctl_stops(self):
        before = self.service.show("NRestarts")
        told = self.service.run("millrace", "ctl", "stop", user="operator")
        wait_for(lambda: self.service.show("ActiveState") == "inactive", STOPPED_WITHIN, "end")
        time.sleep(1)  # time for a restart that must not come
        seen = self.service.show("ActiveState", "Result", "NRestarts")
        expect(seen == ["inactive", "success", before], seen)
        return told

    def stops(self):
        self.service.start()
        self.service.wait_active(START_SECONDS)
        wait_for(self.service.stuck_workers, 10, "scan under way")
        began = time.monotonic()
        self.service.systemctl("stop")
        took = time.monotonic() - began
        expect(took <= STOPPED_WITHIN, f"took {took:.1f} s")
        seen = self.service.show("ActiveState", "Result", "ExecMainStatus")
        expect(seen[:2] == ["inactive", "success"], seen)
        return f"after {took:.1f} s, exit code {seen[2]}"

    def leaves_nothing(self):
        running = self.machine.run("pgrep", "-a", "-u", "millrace").out.strip()
        expect(not running, running)
        kept = self.service.run("ls", "/var/lib/millrace").split()
        expect("results" in kept and "pools" in kept, kept)
        expect(self.machine.run("test", "-e", "/run/millrace").code != 0, "/run/millrace is there")
        return f"in /var/lib/millrace: {', '.join(kept)}"

    def no_stack_trace(self):
        with self.service.journal(everything=True) as lines:
            traces = [line for line in lines() if STACK_TRACE.search(line.text)]
            expect(not traces, "\n".join(map(str, traces[:5])))
            return f"in {len(lines())} lines"
