# SPDX-License-Identifier: Apache-2.0
"""The files that are measured: made once, in one directory, and removed at the end.

Random bytes, so that no layer below can compress or skip them. A file gets its name when it is
complete, so what a killed run leaves behind is never taken for data.
"""

import fcntl
import os
import random
import shutil
import subprocess
import time
from pathlib import Path

from process import BenchError, say

CHUNK_BYTES = 8 << 20
SPARE_BYTES = 1 << 30
NAMES_EACH, MOST_LINKS, LEAST_NAME_BYTES = 1000, 50_000, 64  # a folder; of a file; on the disk
NATIVE = Path(__file__).parent / "native"


class WorkFiles:
    def __init__(self, directory, keep):
        self.directory, self.keep = directory, keep
        self.scratch = directory / "scratch"
        self.made = set()
        self.making_seconds = {}

    def __enter__(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        self.lock = os.open(self.directory, os.O_RDONLY)
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BenchError(f"another run is using {self.directory}")
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir()
        return self

    def __exit__(self, *_):
        """Removes what was made; with --keep only the scratch directory."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        for path in [] if self.keep else self.made:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        os.close(self.lock)

    def need(self, size, inodes=0):
        """Refuses to begin what would fill the file system."""
        facts = os.statvfs(self.directory)
        free = facts.f_bavail * facts.f_frsize
        if free < size + SPARE_BYTES:
            raise BenchError(f"needs {size + SPARE_BYTES} bytes free in --dir, there are {free}")
        if facts.f_files and facts.f_favail < inodes:
            raise BenchError(f"needs {inodes} inodes in --dir, there are {facts.f_favail}")

    def random(self, name, size):
        """A file of `size` random bytes, durable, so that it can be dropped from the cache."""
        path = self.directory / f"{name}-{size}.random"
        self.made.add(path)
        if path.exists() and path.stat().st_size == size:
            return path
        self.need(size)
        begin = time.monotonic()
        part = self.scratch / path.name
        with part.open("wb", buffering=0) as file:
            for offset in range(0, size, CHUNK_BYTES):
                file.write(os.urandom(min(CHUNK_BYTES, size - offset)))
            os.fsync(file.fileno())
        return self.finish(part, path, begin)

    def sparse(self, name, size):
        path = self.directory / f"{name}-{size}.sparse"
        self.made.add(path)
        with path.open("wb") as file:
            file.truncate(size)
        return path

    def small_files(self, directories, each, sizes=(100, 100)):
        """A tree of `directories` × `each` files of random bytes; `sizes` are (least, most)."""
        least, most = sizes
        span = f"-{least}-{most}" if least < most else ""
        path = self.directory / f"small-files-{directories}x{each}{span}"
        self.made.add(path)
        if path.exists():
            return path
        self.need(directories * each * -(-most // 4096) * 4096, inodes=directories * (each + 1))
        begin = time.monotonic()
        part = self.scratch / path.name
        dice = random.Random(directories)  # the same sizes in every run
        for number in range(directories):
            (part / f"{number:04}").mkdir(parents=True)
            for name in range(each):
                data = os.urandom(dice.randint(least, most))
                (part / f"{number:04}/{name:04}").write_bytes(data)
        os.sync()
        return self.finish(part, path, begin)

    def names(self, count):
        """A tree of so many distinct names, links to few files of random bytes."""
        path = self.directory / f"names-{count}"
        self.made.add(path)
        if path.exists():
            return path
        self.need(count * LEAST_NAME_BYTES)
        begin = time.monotonic()
        part = self.scratch / path.name
        for number in range(count):
            folder, name = part / f"{number // NAMES_EACH:06}", f"{number:08}"
            if number % NAMES_EACH == 0:
                folder.mkdir(parents=True)
            if number % MOST_LINKS == 0:
                first = folder / name
                first.write_bytes(os.urandom(100))
            else:
                os.link(first, folder / name)
        os.sync()
        return self.finish(part, path, begin)

    def finish(self, part, path, begin):
        seconds = time.monotonic() - begin
        self.making_seconds[path.name] = seconds
        say(f"made {path.name} in {seconds:.1f} s")
        return part.rename(path)

    def native(self, name):
        """The small C program `native/NAME.c`, compiled."""
        program = self.scratch / name
        source = NATIVE / f"{name}.c"
        command = ["cc", "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Werror", "-o", program, source]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise BenchError(f"cc: {done.stderr}")
        return program
