# SPDX-License-Identifier: Apache-2.0
"""Steps: what a site grants the service by the drop-ins that come with it."""

import re

import install
from report import expect, wait_for
from service import RESULTS, START_SECONDS

POOLS = """pools:
  owned: { directory: /srv/wal/owned, file-size: 4KiB, ready: 2, owner: operator }
  shared: { directory: /srv/wal/shared, file-size: 64KiB, ready: 3, group: postgres, mode: "0660" }
"""
CLAIM = """set -e
file=$(ls /srv/wal/shared/shared-* | head -n1)
mv "$file" /srv/wal/shared/mine
dd if=/dev/zero of=/srv/wal/shared/mine bs=64K count=1 conv=notrunc status=none
"""


class Granting:
    def __init__(self, service):
        self.service = service
        self.machine = service.machine

    def steps(self):
        return [
            ("all drop-ins are taken", self.drop_ins),
            ("others-files.conf: other users' files are read, and residency is known", self.reads),
            ("pool-owner.conf: a pool's files are another user's", self.gives_away),
            ("pool-group.conf: a member of the group claims and writes, others not", self.shares),
            ("workers inherit no capability", self.withholds),
        ]

    def drop_ins(self):
        self.service.systemctl("stop")
        for name in ("pool-owner", "pool-group", "others-files"):
            install.drop_in(self.machine.root, name)
        self.service.run("install", "-d", "-o", "millrace", "/srv/wal/owned")
        shared = ("-o", "millrace", "-g", "postgres", "-m", "2770", "/srv/wal/shared")
        self.service.run("install", "-d", *shared)
        for source in ("foreign", "workers"):
            (self.machine.root / RESULTS / f"{source}.ndjson").unlink()
        (self.machine.disk / "foreign/file").chmod(0o600)
        self.service.configure(lambda text: text.replace("pools:\n", POOLS))
        self.service.run("systemctl", "daemon-reload")
        self.service.start()
        self.service.wait_active(START_SECONDS)
        told = self.service.run("systemd-analyze", "security", "--no-pager", "millrace.service")
        return told.splitlines()[-1]

    def reads(self):
        _, summary = self.service.results("foreign")
        expect(summary["files"] == 1 and summary["failed"] == 0, summary)
        expect(summary["cache"]["residency_unknown_bytes"] == 0, summary)
        return f"{summary['bytes'] >> 20} MiB of a file of root's, of mode 600"

    def gives_away(self):
        operator = self.number("passwd", "operator")
        self.wait_files("owned", 2)
        owners = {file.stat().st_uid for file in self.files("owned")}
        expect(owners == {operator}, f"uid {owners}, wanted {operator}")
        return f"uid {operator}"

    def shares(self):
        postgres = self.number("group", "postgres")
        self.wait_files("shared", 3)
        groups = {file.stat().st_gid for file in self.files("shared")}
        expect(groups == {postgres}, f"gid {groups}, wanted {postgres}")
        refused = self.machine.run("sh", "-c", CLAIM, user="stranger")
        expect(refused.code != 0 and "Permission denied" in refused.out, refused)
        self.service.run("sh", "-c", CLAIM, user="postgres")
        mine = (self.machine.disk / "wal/shared/mine").stat()
        expect(mine.st_size == 64 << 10 <= mine.st_blocks * 512, "not a file of the pool")
        self.wait_files("shared", 3)
        return "claimed, written, and made anew"

    def files(self, pool):
        return list((self.machine.disk / "wal" / pool).glob(f"{pool}-*"))

    def wait_files(self, pool, count):
        wait_for(lambda: len(self.files(pool)) == count, 10, f"full pool {pool}")

    def number(self, kind, name):
        return int(self.service.run("getent", kind, name).split(":")[2])

    def withholds(self):
        pid = self.service.show("MainPID")
        own = self.service.run("grep", "CapEff", f"/proc/{pid}/status").split()[1]
        expect(int(own, 16) != 0, "the service has none either")
        files, _ = self.service.results("workers")
        [rights] = [done["output"] for done in files[0]["workers"] if done["name"] == "rights"]
        expect(re.search(r"CapEff:\s+0+\n(.*\n)*CapAmb:\s+0+\n", rights), rights)
        return f"the service has {own}"
