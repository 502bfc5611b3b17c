# SPDX-License-Identifier: Apache-2.0
"""Millrace's protocol 1 for persistent workers in Python. A whole worker:

for file in protocol.files():
    with file:
        file.answer(sum(chunk.count(b"\\n") for chunk in file.chunks()))

An exception inside `with` is answered as the file's error; an abandoned file is forgotten. Publish
nothing before chunks() has ended by itself: what came until then may be half a file.
"""

import json
import os
import sys
from urllib.parse import unquote_to_bytes

PIECE_BYTES = 256 << 10
END, ABANDONED = b"\x00\x00\x00\x00", b"\xff\xff\xff\xff"
encode = json.JSONEncoder(allow_nan=False).encode


class Abandoned(Exception):
    """The file shrank or was cancelled, or Millrace is gone: nobody waits for an answer."""


def files():
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed goes to the log, not among the answers
    source = open(0, "rb", buffering=PIECE_BYTES, closefd=False)
    while (header := source.readline()).endswith(b"\n"):
        yield File(json.loads(header), source, answers)


class File:
    def __init__(self, header, source, answers):
        self.id, self.bytes, self.scan = header["id"], header["bytes"], header.get("scan")
        encoded = header.get("path_encoded")  # of a name that is not UTF-8
        self.path = os.fsdecode(unquote_to_bytes(encoded)) if encoded else header["path"]
        self.complete = self.answered = False
        self._answers, self._pieces = answers, self._read(source)

    def chunks(self):
        """The bytes, 256 KiB at most at a time; a second call goes on where the first stopped."""
        return self._pieces

    def answer(self, result, ok=True):
        """Answers with anything that JSON can say; the rest of the file is skipped first."""
        for _ in self._pieces:
            pass
        if not self.complete:
            raise Abandoned
        if self.answered:
            raise RuntimeError(f"file {self.id} has its answer already")
        line = encode({"id": self.id, "ok": ok, "result" if ok else "error": result})
        self._answers.write(line.encode() + b"\n")
        self._answers.flush()
        self.answered = True

    def _read(self, source):
        while (mark := source.read(4)) != END:
            if len(mark) < 4 or mark == ABANDONED:
                raise Abandoned
            left = int.from_bytes(mark, "big")
            while left:
                if not (piece := source.read1(min(left, PIECE_BYTES))):
                    raise Abandoned
                left -= len(piece)
                yield piece
        self.complete = True

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        try:
            if kind is None and not self.answered:
                self.answer(None)
            elif kind is not Abandoned and isinstance(error, Exception):
                sys.excepthook(kind, error, trace)
                if not self.answered:
                    self.answer(f"{kind.__name__}: {error}", ok=False)
        except Abandoned:
            return True
        return isinstance(error, Exception)
