#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same work without any feeding: a worker's own function over files that it opens by itself.

  reader.py WORKER FILE…

Says for each file `{"path": …, "result": …}`, all in one write, so that several may share stdout.
"""

import importlib
import json
import os
import sys
from pathlib import Path


def main(worker, *paths):
    sys.path.insert(0, str(Path(worker).parent))
    measure = importlib.import_module(Path(worker).stem).measure
    lines = []
    for path in paths:
        with open(path, "rb", buffering=0) as file:
            lines.append(json.dumps({"path": path, "result": measure([file.read()])}) + "\n")
    os.write(1, "".join(lines).encode())


main(*sys.argv[1:])
