# SPDX-License-Identifier: Apache-2.0
"""What was tried, a line each: ok, FAILED (with all lines of what was seen), or skipped."""

import os
import sys
import time

COLOURS = {"ok": 32, "FAILED": 31, "skipped": 33}


class Failed(Exception):
    """A step saw something else than it should have."""


class Hopeless(Failed):
    """What follows cannot be tried either."""


class Skipped(Exception):
    """A step cannot be tried here, for the reason given."""


def expect(holds, instead):
    """The step has failed unless `holds`; `instead` is what was seen."""
    if not holds:
        raise Failed(instead)


def wait_for(look, seconds, wanted):
    """What `look` returns as soon as that is true. `wanted` names it where it does not come."""
    end = time.monotonic() + seconds
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > end:
            raise Failed(f"no {wanted} within {seconds} s")
        time.sleep(0.05)


def coloured(word):
    padded = f"{word:7}"
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return padded
    return f"\033[{COLOURS[word]}m{padded}\033[0m"


class Report:
    """Runs steps and counts how they went. What follows a failed one is tried, if it can be."""

    def __init__(self):
        self.failed = []
        self.skipped = 0
        self.passed = 0

    def step(self, name, action):
        began = time.monotonic()
        try:
            seen = action()
            self.passed += 1
            word = "ok"
        except Skipped as reason:
            self.skipped += 1
            word, seen = "skipped", reason
        except Exception as wrong:  # any: the step is at fault or what it tries, and others follow
            self.failed.append(name)
            word = "FAILED"
            seen = wrong if isinstance(wrong, Failed) else f"{type(wrong).__name__}: {wrong}"
        said = str(seen or "").strip()
        said = said.replace("\n", f"\n{'':17}") if word == "FAILED" else said.replace("\n", "; ")
        seconds = time.monotonic() - began
        print(f"{coloured(word)} {seconds:5.1f} s  {name}{': ' if said else ''}{said}", flush=True)
        if isinstance(seen, Hopeless):
            raise seen

    def summary(self):
        print(f"\n{self.passed} ok, {len(self.failed)} failed, {self.skipped} skipped")
        for name in self.failed:
            print(f"failed: {name}")
        return 1 if self.failed else 0
