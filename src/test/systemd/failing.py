# SPDX-License-Identifier: Apache-2.0
"""Steps: what systemd does when the service hangs, dies or cannot start."""

import time

from report import expect, wait_for
from service import START_SECONDS, own, seconds_since

RESTARTED_WITHIN = 2
USUAL_START = 1
HOLD_PORT = "import socket, time; s = socket.create_server(('127.0.0.1', 9847)); time.sleep(60)"
BAD_LINE = "colour: red\n"


class Failing:
    def __init__(self, service):
        self.service = service
        self.machine = service.machine

    def steps(self):
        return [
            ("stopped by SIGSTOP, it is replaced by the watchdog", self.watchdog),
            ("killed by SIGKILL, it is started again, and no worker is left", self.killed),
            ("a bad configuration ends it with 78, once", self.bad_configuration),
            ("while its port is taken it ends with 69, and tries again", self.port_taken),
        ]

    def watchdog(self):
        seconds = int(self.service.show("WatchdogUSec").removesuffix("s"))
        pid = self.service.show("MainPID")
        begin = time.monotonic()
        self.service.run("kill", "-STOP", pid)
        with self.service.journal() as lines:
            self.service.wait_active(seconds + START_SECONDS, other_than=pid)
            took = time.monotonic() - begin
            by_watchdog = any("result 'watchdog'" in line.text for line in lines())
            expect(by_watchdog, "\n".join(map(str, lines())))
        start = self.service.start_seconds()
        seen = f"active again after {took:.1f} s of {seconds} s; its start took {start:.2f} s"
        # How long a start takes on a busy machine is not the watchdog's doing.
        expect(took <= seconds + RESTARTED_WITHIN + max(0, start - USUAL_START), seen)
        return seen

    def killed(self):
        workers = wait_for(self.service.stuck_workers, 10, "worker of source endless")
        pid = self.service.show("MainPID")
        begin = time.monotonic()
        self.service.run("kill", "-KILL", pid)
        self.service.wait_active(START_SECONDS, other_than=pid)
        took = seconds_since(begin)
        left = workers & self.service.stuck_workers()
        expect(not left, f"worker {left} of the killed process lives")
        return f"active again after {took}; its start took {self.service.start_seconds():.2f} s"

    def bad_configuration(self):
        self.service.systemctl("stop")
        self.service.configure(lambda text: BAD_LINE + text)
        try:
            with self.service.journal() as lines:
                started = self.machine.run("systemctl", "start", "millrace.service")
                expect(started.code != 0, "it starts")
                time.sleep(2)  # time for a restart that must not come
                seen = self.service.show("ActiveState", "ExecMainStatus", "NRestarts")
                expect(seen == ["failed", "78", "0"], f"state, exit code and restarts: {seen}")
                told = own(lines(), "/etc/millrace/millrace.yaml:1:1: colour:")
                expect(told, "no line names file, line and key")
                expect(told.priority == 3, f"not at priority err: {told}")
                return told
        finally:
            self.service.configure()

    def port_taken(self):
        self.service.run("systemd-run", "--unit=holder", "python3", "-c", HOLD_PORT)
        try:
            with self.service.journal() as lines:
                self.machine.run("systemctl", "reset-failed")
                self.machine.run("systemctl", "start", "--no-block", "millrace.service")
                wait_for(self.has_tried_again, START_SECONDS, "second restart")
                told = own(lines(), "9847")
                expect(told, "no line names the port")
                expect(any("status=69" in entry.text for entry in lines()), "no exit code 69")
        finally:
            self.service.run("systemctl", "stop", "holder.service")
        self.service.wait_active(START_SECONDS)
        return f"{told}; active when the port was free"

    def has_tried_again(self):
        return int(self.service.show("NRestarts")) >= 2
