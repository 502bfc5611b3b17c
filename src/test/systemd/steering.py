# SPDX-License-Identifier: Apache-2.0
"""Steps: reload, good and bad, by systemctl."""

import contextlib

from report import expect, wait_for
from service import UNIT, own

POOLS = "pools:\n"
SPARE = '  spare: { directory: /srv/wal/spare, file-size: 4KiB, ready: 3, name: "spare-%d" }\n'
WRONG = "  wrong: { directory: /srv/wal/wrong, file-size: 4 potatoes, ready: 3 }\n"
BAD_CONFIGURATION = "78"


class Steering:
    def __init__(self, service):
        self.service = service
        self.machine = service.machine
        self.spare = service.machine.disk / "wal/spare"

    def steps(self):
        return [
            ("a good file is taken without a restart", self.good_reload),
            ("a bad file makes the reload fail, and nothing changes", self.bad_reload),
            ("SIGHUP with a bad file changes nothing either", self.bad_hangup),
        ]

    def good_reload(self):
        with self.configured(SPARE) as lines:
            self.service.systemctl("reload")
            wait_for(lambda: len(self.spare_files()) == 3, 10, "new pool")
            said = wait_for(lambda: own(lines(), "reloaded"), 5, "line on what has changed")
            seen = [line.text for line in lines() if not line.is_own]
        expect(any("RELOADING=1" in text for text in seen), f"systemd saw no RELOADING: {seen}")
        status = self.service.show("StatusText")
        expect("2 pools" in status, status)
        return said

    def bad_reload(self):
        with self.configured(SPARE + WRONG) as lines:
            done = self.machine.run("systemctl", "reload", UNIT)
            expect(done.code != 0, "systemctl says that all is well")
            told = self.refused(lines)
            expect(not own(lines(), "configuration is unchanged"), "the service was asked all the same")
        code = self.service.run("systemctl", "show", UNIT, "--property=ExecReload")
        expect(f"status={BAD_CONFIGURATION}" in code, code)
        self.still_fills()
        return f"{done.out.splitlines()[0]}; {told}"

    def bad_hangup(self):
        with self.configured(SPARE + WRONG) as lines:
            self.service.systemctl("kill", "--kill-whom=main", "--signal=HUP")
            self.refused(lines)
            last = wait_for(lambda: own(lines(), "configuration is unchanged"), 10, "word on the old one")
        self.still_fills()
        return last

    def refused(self, lines):
        told = wait_for(lambda: own(lines(), "potatoes"), 10, "line on the bad value")
        number = self.service.configured().splitlines().index(WRONG.rstrip()) + 1
        where = f"/etc/millrace/millrace.yaml:{number}:"
        expect(where in told.text and "file-size" in told.text, told)
        expect(told.priority == 3, f"not at priority err: {told}")
        return told

    def still_fills(self):
        """The pool that was there before is at work."""
        before = self.spare_files()
        before[0].rename(self.machine.disk / "taken" / before[0].name)
        wait_for(lambda: set(self.spare_files()) - set(before), 5, "new file in pool spare")

    @contextlib.contextmanager
    def configured(self, pools):
        """With more pools in the file, systemd saying all that it sees; the process stays."""
        pid = self.service.show("MainPID")
        self.service.configure(lambda text: text.replace(POOLS, POOLS + pools))
        self.service.run("systemctl", "log-level", "debug")
        try:
            with self.service.journal() as lines:
                yield lines
        finally:
            self.service.run("systemctl", "log-level", "info")
            self.service.configure(lambda text: text.replace(POOLS, POOLS + SPARE))
        expect(self.service.is_active(), "it is not active")
        expect(self.service.show("MainPID") == pid, "it is not the same process")

    def spare_files(self):
        return sorted(self.spare.glob("spare-*"))
