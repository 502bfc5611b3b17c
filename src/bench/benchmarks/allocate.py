# SPDX-License-Identifier: Apache-2.0
"""1,000 files of 16 MiB reserved durably by one command.

Against a shell loop over `fallocate -l`, which starts a process a file and syncs nothing (whole
processes), and against a C loop of posix_fallocate and fsync (its own seconds against the
engine's own seconds). Between any two runs the files are removed and the file system is synced.
After each run every file's st_blocks is checked, and filefrag counts the extents.
"""

import os
import re
import shutil
import subprocess

import process
from process import BenchError
from rows import Lane, Row

FILE_BYTES = 16 << 20
SHELL = 'i=0; while [ $i -lt "$2" ]; do fallocate -l "$3" "$1/f$i" || exit; i=$((i + 1)); done'
MILLRACE, LOOP, NATIVE = "millrace", "shell loop, fallocate -l", "C loop, posix_fallocate + fsync"


def run(session):
    count = 100 if session.quick else 1000
    session.files.need(count * FILE_BYTES)
    target = session.files.scratch / "reserved"
    reserve = session.native("allocate", "reserve")
    if shutil.which("filefrag") is None:
        session.skip("allocate: extents", "filefrag is not installed")
    names = [target / f"f{number:05}" for number in range(count)]

    def lane(name, *command, own=False, needs=()):
        def reserved():
            target.mkdir()
            os.sync()
            try:
                done = process.run(command, session.files.scratch)
                facts = {"command": session.shown(command[:6])} | done.cost()
                if own:
                    facts["own_seconds"] = done.summary()["seconds"]
                return facts | check(target, count)
            finally:
                shutil.rmtree(target)
                os.sync()

        return Lane(name, reserved, needs)

    millrace = session.millrace("allocate", "--size", "16MiB", "--json")
    lanes = [
        lane(MILLRACE, *millrace, *names, own=True),
        lane(LOOP, "sh", "-c", SHELL, "sh", target, count, FILE_BYTES, needs=("fallocate",)),
    ]
    if reserve:
        lanes.append(lane(NATIVE, reserve, target, count, FILE_BYTES, own=True))
    measured = session.interleave("allocate", lanes)
    for peer, seconds, at_least in ((LOOP, "seconds", 2.0), (NATIVE, "own_seconds", 0.8)):
        kind = "whole process" if seconds == "seconds" else "own seconds"
        what = f"{count} files of 16 MiB, {kind}"
        pair = (MILLRACE, seconds), (peer, seconds)
        session.speed("allocate", measured, what, *pair, at_least)
    for lane in (MILLRACE, NATIVE) if shutil.which("filefrag") else ():
        if lane in measured:
            extents = max(measured.values(lane, "extents_max"))
            ours, *peer = (extents,) if lane == MILLRACE else (None, lane, extents)
            session.add(Row("allocate", "most extents of a file", "", ours, *peer))


def check(target, count):
    """Every file there, and reserved by the file system's own count; extents by filefrag."""
    with os.scandir(target) as entries:
        facts = [(entry.path, entry.stat()) for entry in entries]
    short = [
        path
        for path, stat in facts
        if stat.st_blocks * 512 < FILE_BYTES or stat.st_size != FILE_BYTES
    ]
    if len(facts) != count or short:
        raise BenchError(f"{len(facts)} of {count} files, {len(short)} of them not reserved")
    if shutil.which("filefrag") is None:
        return {}
    paths = [path for path, _ in facts]
    said = subprocess.run(["filefrag", *paths], capture_output=True, text=True).stdout
    extents = [int(number) for number in re.findall(r": (\d+) extents? found", said)]
    if len(extents) != count:
        raise BenchError(f"filefrag says the extents of {len(extents)} files of {count}")
    return {"extents_max": max(extents), "files_of_one_extent": extents.count(1)}
