# SPDX-License-Identifier: Apache-2.0
"""Steps: the unit installs, starts, and runs as it should."""

import install
from report import Failed, Hopeless, expect, wait_for
from service import START_SECONDS, UNIT, resident_bytes

MOST_EXPOSED = 1.5


class Starting:
    def __init__(self, service):
        self.service = service
        self.machine = service.machine

    def steps(self):
        return [
            ("the user is made", self.user_is_made),
            ("systemd-analyze verify is silent", self.verifies),
            (f"exposure is {MOST_EXPOSED} at most", self.is_hardened),
            ("starts, and is active when it says so", self.starts),
            ("systemctl status says how the pools are", self.status_line),
            ("runs as its user, without capabilities", self.runs_as_user),
            ("directories have their modes", self.directories),
            ("root and members of the group may steer, others not", self.steering),
        ]

    def user_is_made(self):
        self.service.run("systemd-sysusers")
        entry = self.service.run("getent", "passwd", "millrace").strip()
        install.files(self.machine.disk, tuple(map(int, entry.split(":")[2:4])))
        expect(entry.endswith("/nologin"), entry)
        return entry

    def verifies(self):
        # Man pages come with the package.
        said = self.service.run("systemd-analyze", "verify", "--man=no", UNIT).strip()
        expect(not said, said)
        return self.service.run("systemctl", "--version").splitlines()[0]

    def is_hardened(self):
        threshold = f"--threshold={MOST_EXPOSED * 10:.0f}"
        return self.service.run(
            "systemd-analyze", "security", "--no-pager", threshold, UNIT
        ).splitlines()[-1]

    def starts(self):
        self.service.systemctl("enable")
        for file in (self.machine.disk / "own").iterdir():
            self.service.hot_bytes[file.name] = resident_bytes(file)
        try:
            self.service.start()
            self.service.wait_active(START_SECONDS)
        except Failed as failed:
            raise Hopeless(f"{failed}\n{self.service.last_words()}") from failed
        return f"ready {self.service.start_seconds():.2f} s after its start"

    def status_line(self):
        def look():
            told = self.machine.run("systemctl", "status", "--no-pager", UNIT).out.splitlines()
            return [line.strip() for line in told if "Status:" in line and "8 files ready" in line]

        return wait_for(look, 15, "status line on a full pool")[0]

    def runs_as_user(self):
        status = self.service.run("cat", f"/proc/{self.service.show('MainPID')}/status")
        facts = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        owner = self.service.run("id", "-u", "millrace").strip()
        expect(set(facts["Uid"].split()) == {owner}, f"Uid: {facts['Uid']}")
        expect(int(facts["CapEff"], 16) == int(facts["CapBnd"], 16) == 0, facts)
        expect((facts["NoNewPrivs"], facts["Seccomp"]) == ("1", "2"), "no seccomp filter")
        return f"{facts['Threads']} threads, {facts['VmRSS'].strip()} resident"

    def directories(self):
        listed = self.service.run(
            "sh", "-c", "stat -c '%n %U:%G %a' /run/millrace /run/millrace/* /var/lib/millrace"
        )
        expect("/run/millrace millrace:millrace 750" in listed, listed)
        expect("/var/lib/millrace millrace:millrace 750" in listed, listed)
        files = [
            line.rsplit(" ", 1) for line in listed.splitlines() if line.startswith("/run/millrace/")
        ]
        expect(all(mode == "640" for _, mode in files), listed)
        return listed

    def steering(self):
        told = self.service.run("millrace", "ctl", "status")
        self.service.run("millrace", "ctl", "status", user="operator")
        refused = self.machine.run("millrace", "ctl", "status", user="stranger")
        expect(
            refused.code != 0 and "credential" in refused.out,
            f"a stranger got {refused.code}: {refused.out}",
        )
        return f"{told.splitlines()[0]}\nto a stranger: {refused.out.strip()}"
