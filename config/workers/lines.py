#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Persistent worker: lines (newlines, as `wc -l` has it) and the longest line of every file.

workers:
  lines: { command: [workers/lines.py], mode: persistent, processes: 2 }
"""

import protocol


def measure(chunks):
    lines = longest = open_line = 0
    for chunk in chunks:
        lengths = [len(part) for part in chunk.split(b"\n")]
        lengths[0] += open_line
        lines += len(lengths) - 1
        longest = max(longest, max(lengths))
        open_line = lengths[-1]
    return {"lines": lines, "longest_line_bytes": longest}


if __name__ == "__main__":
    for file in protocol.files():
        with file:
            file.answer(measure(file.chunks()))
