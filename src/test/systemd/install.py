# SPDX-License-Identifier: Apache-2.0
"""Puts the service into a root as its package will, and the files that it is tried on into /srv."""

import os
import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[2]
MIB = 1 << 20
FILE_BYTES = 32 * MIB
HOT_BYTES = 16 * MIB
DROP_INS = "usr/share/millrace/drop-ins"
ADOPTED = "etc/systemd/system/millrace.service.d"

# Somebody who may steer the service, somebody who may not, and a user of a pool.
PEOPLE = "u operator -\nm operator millrace\nu stranger -\nu postgres -\n"


def program(root, layout):
    # The archive of classes and one library are of this architecture, hence not in /usr/share.
    for part in ("bin", "lib"):
        shutil.copytree(layout / part, root / "usr/lib/millrace" / part)
    shutil.copytree(layout / "share", root / "usr/share", dirs_exist_ok=True)
    shutil.copytree(PROJECT / "systemd/drop-ins", root / DROP_INS)
    (root / "usr/bin/millrace").symlink_to("../lib/millrace/bin/millrace")
    place(PROJECT / "systemd/millrace.service", root / "usr/lib/systemd/system/millrace.service")
    place(PROJECT / "systemd/millrace.sysusers", root / "usr/lib/sysusers.d/millrace.conf")
    (root / "usr/lib/sysusers.d/people.conf").write_text(PEOPLE)
    for name in ("lines.py", "protocol.py"):
        place(PROJECT / "config/workers" / name, root / "etc/millrace/workers" / name)
    drop_in(root, "pool")
    place(HERE / "millrace.yaml", root / "etc/millrace/millrace.yaml")
    place(HERE / "millrace.yaml", root / "etc/millrace/millrace.yaml.original")


def drop_in(root, name):
    """As an administrator would, from what is installed."""
    place(root / DROP_INS / f"{name}.conf", root / ADOPTED / f"{name}.conf")


def place(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def files(disk, owner):
    """`owner`: numbers of the service's user and group."""
    for name in ("wal", "wal/ready", "wal/spare", "own", "foreign"):
        (disk / name).mkdir()
        if name != "foreign":
            os.chown(disk / name, *owner)
    for name in ("own/digest", "own/workers", "own/control", "foreign/file"):
        half_hot(disk / name)
    (disk / "own/endless").write_bytes(os.urandom(4 * MIB))
    for file in (disk / "own").iterdir():
        os.chown(file, *owner)


def half_hot(file):
    """Makes a file whose first half is in the page cache, and the rest is not."""
    with file.open("wb") as out:
        for _ in range(FILE_BYTES // MIB):
            out.write(os.urandom(MIB))
        out.flush()
        os.fsync(out.fileno())
        os.posix_fadvise(out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    file.chmod(0o644)
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_RANDOM)  # no readahead
        for offset in range(0, HOT_BYTES, MIB):
            os.pread(descriptor, MIB, offset)
    finally:
        os.close(descriptor)
