# SPDX-License-Identifier: Apache-2.0
"""A machine with a systemd of its own, in a container, that leaves nothing behind.

Its mounts are in a mount namespace of this process, and the container dies with this process,
whatever ends that. All that it writes goes to a scratch directory.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from report import Hopeless

CLONE_NEWNS = 0x20000
MS_REC, MS_PRIVATE = 0x4000, 0x40000
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)
# Of version 1, of both, of version 2.
GROUPS = [Path("/sys/fs/cgroup", name) for name in ("systemd", "unified", "")]
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class MachineError(Exception):
    """Why there is no machine, for one line."""


@dataclass(frozen=True)
class Ended:
    """A command that ran inside, and all that it said."""

    code: int
    out: str


def mount(source, target, kind, flags, options=""):
    words = [
        None if word is None else os.fsencode(word) for word in (source, target, kind, options)
    ]
    if LIBC.mount(words[0], words[1], words[2], ctypes.c_ulong(flags), words[3]) != 0:
        error = ctypes.get_errno()
        raise MachineError(
            f"mount {target}: {os.strerror(error)} (it takes root, and a disk that is no overlay)"
        )


def leave_mounts_to_this_process():
    if LIBC.unshare(CLONE_NEWNS) != 0:
        raise MachineError(f"unshare: {os.strerror(ctypes.get_errno())} (it takes root)")
    mount("none", "/", None, MS_REC | MS_PRIVATE)


@contextlib.contextmanager
def scratch(room):
    """A new directory, named after this process; what killed ones have left is removed."""
    room.mkdir(exist_ok=True)
    for left in room.glob("boot-*"):
        if not Path("/proc", left.name.removeprefix("boot-")).exists():
            remove(left)
    mine = room / f"boot-{os.getpid()}"
    mine.mkdir()
    try:
        yield mine
    finally:
        remove(mine)


def remove(scratch):
    """A machine's directory and its control groups. What still runs keeps its groups."""
    for room in GROUPS:
        for group, *_ in os.walk(room / scratch.name, topdown=False):
            with contextlib.suppress(OSError):
                os.rmdir(group)
    shutil.rmtree(scratch)


class Machine:
    """`with Machine(base, scratch) as machine`: not booted yet, its root may be written to."""

    def __init__(self, base, scratch):
        self.base = Path(base)
        self.scratch = Path(scratch)
        self.root = self.scratch / "root"
        self.disk = self.scratch / "disk"  # of a real file system, unlike the root
        self.groups = [
            room / self.scratch.name for room in GROUPS if (room / "cgroup.procs").exists()
        ]
        self.process = None
        self.leader = None

    def __enter__(self):
        leave_mounts_to_this_process()
        parts = {name: self.scratch / name for name in ("changes", "work", "root", "disk")}
        for part in parts.values():
            part.mkdir(parents=True)
        for group in self.groups:
            group.mkdir()
        layers = f"lowerdir={self.base},upperdir={parts['changes']},workdir={parts['work']}"
        mount("overlay", self.root, "overlay", 0, layers)
        return self

    def __exit__(self, *ignored):
        try:
            if self.process:
                self.stop()
        finally:
            subprocess.run(["umount", self.root], check=True)

    def boot(self):
        """Seconds until all that the machine starts by itself was up."""
        began = time.monotonic()
        # In a process namespace, all of which ends with its first process. Alone, systemd-nspawn
        # would leave the machine running if it were killed.
        command = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
        command += ["systemd-nspawn", "--quiet", "--boot", "--console=pipe"]
        command += [f"--directory={self.root}", f"--bind={self.disk}:/srv"]
        command += ["--register=no", "--keep-unit"]  # nothing of a systemd that runs here already
        command += ["--private-network", "--resolv-conf=off", "--timezone=off", "--link-journal=no"]
        self.console = (self.scratch / "console").open("w+b")
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=self.console,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for this process, which then stops the machine
            preexec_fn=self._begin,
        )
        while time.monotonic() < began + 30:
            self.leader = self.leader or self._descendant("systemd")
            if self.leader and self._is_up():
                return time.monotonic() - began
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        self.console.seek(0)
        said = self.console.read().decode(errors="replace").strip().splitlines()[-5:]
        raise Hopeless("\n".join(["it does not boot", *said]))

    def _begin(self):
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        for group in self.groups:
            (group / "cgroup.procs").write_text(str(os.getpid()))

    def _descendant(self, name):
        """The first process of this name below ours; none where there is none yet."""
        pids = [self.process.pid]
        while pids:
            pid = pids.pop(0)
            with contextlib.suppress(OSError):
                if Path(f"/proc/{pid}/comm").read_text().strip() == name:
                    return pid
                pids += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return None

    def _is_up(self):
        return self.run("systemctl", "is-system-running").out.strip() in ("running", "degraded")

    def run(self, *command, user=None, timeout=30):
        """What the command said and how it ended, inside."""
        words = ["nsenter", "-t", str(self.leader), "-a", "--"]
        words += ["env", "-i", f"PATH={PATH}", "LANG=C.UTF-8", "HOME=/root", "TERM=dumb"]
        words += ["runuser", "-u", user, "--"] if user else []
        done = subprocess.run(
            [*words, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
        )
        return Ended(done.returncode, done.stdout.decode(errors="replace"))

    def stop(self):
        """By its own shutdown, or the hard way."""
        nspawn = self._descendant("systemd-nspawn")
        for _ in range(2 if nspawn else 0):
            with contextlib.suppress(subprocess.TimeoutExpired, ProcessLookupError):
                # The wish to be shut down; a second one ends it at once.
                os.kill(nspawn, signal.SIGTERM)
                self.process.wait(3)
                break
        self.process.kill()
        self.process.wait()
        self.console.close()
