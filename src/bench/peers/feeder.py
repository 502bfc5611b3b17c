#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a careful person would write for xargs: feeds files to a worker by protocol 1.

  feeder.py WORKER FILE…

Says for each file `{"path": …, "result": …}`, all in one write, so that several may share stdout.
"""

import json
import os
import subprocess
import sys

END = bytes(4)


def frames(paths):
    for number, path in enumerate(paths):
        with open(path, "rb", buffering=0) as file:
            data = file.read()
        header = {"v": 1, "id": number, "path": path, "bytes": len(data), "scan": "peer"}
        yield json.dumps(header).encode() + b"\n"
        yield len(data).to_bytes(4, "big") + data + END if data else END


def main(worker, *paths):
    stream = b"".join(frames(paths))
    command = [sys.executable, worker]
    said = subprocess.run(command, input=stream, stdout=subprocess.PIPE, check=True).stdout
    answers = [json.loads(line) for line in said.splitlines()]
    lines = [{"path": paths[answer["id"]], "result": answer["result"]} for answer in answers]
    os.write(1, "".join(json.dumps(line) + "\n" for line in lines).encode())


main(*sys.argv[1:])
