# SPDX-License-Identifier: Apache-2.0
"""One run: its options, its interleaved rounds (A B C, A B C, …), its records and its rows."""

import os
import shutil
import sys
from pathlib import Path

import cache
import device
import process
from process import BenchError, say
from rows import Lane, Measured, Row, Target

ROOT = Path(__file__).resolve().parents[2]
LAUNCHER = ROOT / "target/millrace/bin/millrace"
PRIMER_BYTES = 4 << 20


class Session:
    def __init__(self, options, files):
        self.options, self.files = options, files
        self.size, self.rounds, self.quick = options.size, options.rounds, options.quick
        self.launcher = options.millrace
        self.records, self.rows, self.skipped, self.problems = [], [], [], []

    def minutes(self, usual):
        """For how long a benchmark goes on that has no rounds."""
        return self.options.minutes or (1 if self.quick else usual)

    def skip(self, what, why):
        if {"what": what, "why": why} not in self.skipped:
            self.skipped.append({"what": what, "why": why})
            say(f"skipped: {what}: {why}")

    def problem(self, text):
        """A wrong result, which no speed makes good."""
        self.problems.append(text)
        say(f"PROBLEM: {text}")

    def millrace(self, *words):
        return [str(self.launcher), *(str(word) for word in words)]

    def cold(self, files):
        return cache.cold(files, everything=self.options.cold == "drop")

    def half(self, files):
        self.cold(files)
        return cache.striped(files)

    def data(self, *names):
        """Random files of the chosen size."""
        return [self.files.random(name, self.size) for name in names]

    def native(self, benchmark, name):
        """The small C program `native/NAME.c`, compiled; None, and said, without a compiler."""
        if shutil.which("cc"):
            return self.files.native(name)
        self.skip(f"{benchmark}: {name}.c", "cc is not installed")
        return None

    def shown(self, command):
        """The command as others may read it: no directory of this machine's own."""
        places = ((ROOT, "."), (self.files.directory.resolve(), "DIR"), (sys.executable, "python3"))
        text = " ".join(word if "\n" not in word else "…" for word in map(str, command))
        for place, name in sorted(places, key=lambda known: -len(str(known[0]))):
            text = text.replace(str(place), name)
        return text

    def reading(
        self, name, command, files, state, roots=None, after=None, group=None, sink="file", needs=()
    ):
        """A lane that reads `files`, "cold", "warm" or "half" hot, by `command(roots or files)`.

        The program itself is always warm: it is run on a small file first. `group` makes the
        memory group that it is to run in; `after` turns the Finished into more facts.
        """
        scratch = self.files.scratch
        words = command(roots or files)
        prepare = {"cold": self.cold, "warm": cache.warm, "half": self.half}[state]

        def lane():
            facts = prepare(files)
            if facts["resident_before_bytes"] is None:
                self.skip(f"check that the data is {state}", "the kernel tells only its owner")
            process.run(command([self.primer()]), scratch, sink)
            delivered = device.read_bytes(files[0])
            if group:
                with group() as limited:
                    done = process.run(limited.around(words), scratch, sink)
            else:
                done = process.run(words, scratch, sink)
            facts |= {"command": self.shown(words)} | done.cost()
            if delivered is not None:
                delivered = device.read_bytes(files[0]) - delivered
            facts["device_read_bytes"] = delivered
            facts["resident_after_bytes"] = cache.measure(files)[0]
            if state == "half":
                facts["hot_after_bytes"] = cache.resident_stripes(files)
            return facts | (after(done) if after else {})

        return Lane(name, lane, needs or (str(words[0]),))

    def primer(self):
        return self.files.random("primer", PRIMER_BYTES)

    def own(self, done, expected_bytes):
        """What the engine said of its own scan, and whether it read everything."""
        summary = done.summary()
        if summary["bytes"] != expected_bytes or summary["failed"]:
            raise BenchError(f"millrace did not read {expected_bytes} bytes: {summary}")
        return {"own_seconds": summary["seconds"], "cache": summary.get("cache")}

    def interleave(self, benchmark, lanes, rounds=None):
        """Runs every lane once a round; lanes whose programs are absent are said and left out."""
        measured = Measured()
        present = [lane for lane in lanes if self.has(benchmark, lane)]
        for number in range(1, (rounds or self.rounds) + 1):
            for lane in present:
                turn = {"benchmark": benchmark, "round": number, "lane": lane.name}
                facts = turn | {"load_before": os.getloadavg()[0]} | lane.run()
                self.records.append(facts)
                measured.lanes.setdefault(lane.name, []).append(facts)
                seconds = facts.get("seconds", facts.get("scan_seconds"))
                took = f"{seconds:.3f} s" if seconds else "done"
                say(f"{benchmark} {number}/{rounds or self.rounds} {lane.name}: {took}")
        return measured

    def has(self, benchmark, lane):
        absent = [program for program in lane.needs if shutil.which(program) is None]
        for program in absent:
            self.skip(f"{benchmark}: {lane.name}", f"{Path(program).name} is not installed")
        return not absent

    def speed(self, benchmark, measured, what, ours, peer, at_least=None):
        """A row of how many times as fast Millrace was; `ours` and `peer` are (lane, key)."""
        if ours[0] in measured and peer[0] in measured:
            pairs = zip(measured.values(*peer), measured.values(*ours))
            ratios = [theirs / mine for theirs, mine in pairs]
            medians = measured.median(*ours), peer[0], measured.median(*peer)
            self.add(Row(benchmark, what, "s", *medians, ratios, at_least and Target(at_least)))

    def add(self, row):
        self.rows.append(row)
