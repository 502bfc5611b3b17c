# SPDX-License-Identifier: Apache-2.0
"""A memory group (cgroup v1 or v2) that lives as long as a `with` block.

Page cache is charged to the group whose process first touched it, so a group is how a small
machine is had inside a big one. What is left in the group is ended and released with it.
"""

import contextlib
import os
import signal
import time
from pathlib import Path

from process import BenchError


def root():
    """(directory of the memory hierarchy, 1 or 2), or None where none is mounted."""
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    for _, place, kind, options, *_ in mounts:
        if kind == "cgroup" and "memory" in options.split(","):
            return Path(place), 1
    for _, place, kind, *_ in mounts:
        controllers = Path(place, "cgroup.controllers")
        if kind == "cgroup2" and "memory" in controllers.read_text().split():
            return Path(place), 2
    return None


def why_not():
    """None where groups can be made, else the reason why not; found by making one."""
    try:
        with MemoryGroup("probe", 64 << 20):
            return None
    except BenchError as error:
        return str(error)
    except OSError as error:
        return f"no memory group can be made here: {error.strerror}"


class MemoryGroup:
    def __init__(self, name, limit_bytes):
        self.top, self.version = root() or (None, None)
        self.limit_bytes = limit_bytes
        if self.top is None:
            raise BenchError("no memory controller is mounted")
        self.path = self.top / f"millrace-bench-{os.getpid()}-{name}"

    def __enter__(self):
        if self.version == 2:
            (self.top / "cgroup.subtree_control").write_text("+memory")
        self.path.mkdir()
        try:
            limit = "memory.max" if self.version == 2 else "memory.limit_in_bytes"
            (self.path / limit).write_text(str(self.limit_bytes))
        except BaseException:
            self.path.rmdir()
            raise
        return self

    def around(self, command):
        """The command that joins the group and then becomes `command`."""
        join = 'echo $$ >"$0" && exec "$@"'
        return ["sh", "-c", join, str(self.path / "cgroup.procs"), *command]

    def __exit__(self, *_):
        """Removes the group; whatever still runs in it is ours and is killed."""
        deadline = time.monotonic() + 10
        while True:
            for pid in (self.path / "cgroup.procs").read_text().split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
            try:
                if self.version == 1:
                    (self.path / "memory.force_empty").write_text("0")
                self.path.rmdir()
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
