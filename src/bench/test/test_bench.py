# SPDX-License-Identifier: Apache-2.0
"""The harness itself, with a stand-in for Millrace. No test looks at a time.

Run: python3 -m unittest discover src/bench/test
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock
from xml.etree import ElementTree

HERE = Path(__file__).resolve().parent
PLACE = HERE.parents[2] / "target"  # on a real file system, where files can be cold
sys.path.insert(0, str(HERE.parent))

import bench  # noqa: E402
import cache  # noqa: E402
import device  # noqa: E402
import group  # noqa: E402
import plot  # noqa: E402
import process  # noqa: E402
import publish  # noqa: E402
import report  # noqa: E402
from rows import Row, Target  # noqa: E402


class Published(unittest.TestCase):
    """What the documents show is what was measured."""

    def test_every_document_has_the_published_figures(self):
        for document in publish.DOCUMENTS:
            text = document.read_text()
            self.assertRegex(text, publish.MARKS)
            self.assertEqual(publish.shown(text, publish.read()), text, f"{document} was edited by hand")
        self.assertEqual(publish.drawing(publish.read()), publish.DRAWING.read_text())

    def test_a_figure_that_was_edited_is_found(self):
        text = publish.DOCUMENTS[0].read_text()
        edited = text.replace("| allocate ", "| nonsense ", 1)
        self.assertNotEqual(edited, publish.shown(edited, publish.read()))

    def test_a_new_run_takes_the_place_of_the_last_one(self):
        run = publish.read()["allocate"]
        measured = run | {"rows": [run["rows"][0] | {"millrace": 77.5}]}
        with (
            mock.patch.object(publish.report, "write") as write,
            mock.patch.object(publish, "DOCUMENTS", ()),
            mock.patch.object(publish, "DRAWING"),
        ):
            publish.add(measured, "0123456789ab")
        written = write.call_args.args[1]
        self.assertEqual("0123456789ab", written["allocate"]["commit"])
        self.assertEqual(77.5, written["allocate"]["rows"][0]["millrace"])
        self.assertEqual(publish.read()["tree"], written["tree"])
        self.assertEqual(sorted(written), list(written))


def setUpModule():
    PLACE.mkdir(exist_ok=True)


class Figures(unittest.TestCase):
    row = Row("scan", "cold", "s", 2.0, "cat", 4.0, [2.0, 1.0, 4.0], Target(1.5))

    def test_a_ratio_is_the_median_of_the_rounds(self):
        self.assertEqual(2.0, self.row.ratio())
        self.assertTrue(self.row.met())

    def test_an_upper_limit_is_about_our_own_figure(self):
        limit = Target(200, at_least=False, absolute=True)
        self.assertTrue(Row("startup", "--help", "ms", 199, target=limit).met())
        self.assertFalse(Row("startup", "--help", "ms", 201, target=limit).met())

    def test_the_table_has_as_many_cells_in_every_line(self):
        lines = report.table([self.row, Row("cat", "x", "", 1)]).splitlines()
        self.assertEqual({9}, {line.count("|") for line in lines})

    def test_the_plot_is_well_formed_and_draws_what_has_a_target(self):
        drawn = ElementTree.fromstring(plot.svg([self.row, Row("cat", "<&>", "", 1)], "<&>"))
        self.assertEqual(1, len(drawn.findall("{*}circle")))

    def test_sizes(self):
        self.assertEqual(4 << 30, bench.size("4GiB"))
        self.assertEqual(10**9, bench.size("1GB"))
        for wrong in ("", "-1", "1.5XB", "4 GiB", "1KiB"):
            self.assertRaises(argparse.ArgumentTypeError, bench.size, wrong)


class Parts(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(dir=PLACE)
        self.addCleanup(self.place.cleanup)
        self.scratch = Path(self.place.name)

    def test_a_failing_program_is_named_with_what_it_said(self):
        with self.assertRaisesRegex(process.BenchError, "sh ended with 3: oh no"):
            process.run(["sh", "-c", "echo oh no >&2; exit 3"], self.scratch)

    def test_peak_memory_is_that_of_the_child(self):
        done = process.run([sys.executable, "-c", "x = b'x' * (200 << 20)"], self.scratch)
        self.assertGreater(done.max_rss_bytes, 200 << 20)

    def test_files_are_warm_and_cold_as_asked(self):
        file = self.scratch / "file"
        file.write_bytes(os.urandom(8 << 20))
        self.assertEqual(8 << 20, cache.warm([file])["resident_before_bytes"])
        self.assertEqual(0, cache.cold([file], everything=False)["resident_before_bytes"])

    def test_every_other_stripe_is_hot(self):
        file = self.scratch / "file"
        file.write_bytes(os.urandom(5 << 20))
        cache.cold([file], everything=False)
        with mock.patch.object(cache, "STRIPE_BYTES", 2 << 20):
            self.assertEqual(3 << 20, cache.striped([file])["resident_before_bytes"])

    def test_what_the_device_delivered_is_counted(self):
        file = self.scratch / "file"
        file.write_bytes(os.urandom(8 << 20))
        if device.read_bytes(file) is None:
            self.skipTest("the file system is not on one device")
        cache.cold([file], everything=False)
        before = device.read_bytes(file)
        file.read_bytes()
        self.assertGreaterEqual(device.read_bytes(file) - before, 8 << 20)

    def test_all_caches_are_dropped_through_the_kernels_own_file(self):
        with mock.patch.object(cache, "DROP_CACHES", self.scratch / "drop_caches"):
            cache.cold([], everything=True)
        self.assertEqual("3\n", (self.scratch / "drop_caches").read_text())

    @unittest.skipIf(group.why_not(), f"no memory group: {group.why_not()}")
    def test_a_group_limits_and_ends_what_runs_in_it(self):
        with group.MemoryGroup("test", 64 << 20) as limited:
            child = subprocess.Popen(limited.around(["sleep", "1000"]))
            while not (limited.path / "cgroup.procs").read_text():
                time.sleep(0.01)
        self.assertEqual(-signal.SIGKILL, child.wait())
        self.assertFalse(limited.path.exists())


class WholeRuns(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(dir=PLACE)
        self.addCleanup(place.cleanup)
        self.place = Path(place.name) / "work"

    def command(self, *words, standin=HERE / "standin.py"):
        fixed = ("--size", "16MiB", "--rounds", "2", "--cold", "advise", "--dir", self.place)
        return [HERE.parent / "bench.py", *words, *fixed, "--millrace", standin]

    def run_bench(self, *words, **more):
        return subprocess.run(self.command(*words, **more), capture_output=True, text=True)

    def test_every_round_is_kept_and_only_results_stay(self):
        done = self.run_bench("scan", "cat", "digest")
        self.assertEqual(0, done.returncode, done.stderr)
        kept = json.loads((self.place / "bench.json").read_text())
        turns = [(r["round"], r["lane"]) for r in kept["rounds"] if r["benchmark"] == "cat"]
        self.assertEqual([1, 2], sorted({number for number, _ in turns}))
        self.assertNotIn(str(self.place), json.dumps(kept))
        self.assertEqual({"bench.json", "bench.svg"}, {file.name for file in self.place.iterdir()})

    def test_a_wrong_digest_is_a_failure(self):
        liar = self.place.parent / "liar"
        liar.write_text(
            f"#!/bin/sh\n'{HERE}/standin.py' \"$@\" | sed 's/[0-9a-f]\"}}}}$/x\"}}}}/'\n"
        )
        liar.chmod(0o755)
        done = self.run_bench("digest", standin=liar)
        self.assertEqual(1, done.returncode)
        self.assertIn("PROBLEM: digest: sha256 differs", done.stdout)

    def test_workers_are_fed_and_their_counts_compared(self):
        done = self.run_bench("feed", "feed-small", "--quick")
        self.assertEqual(0, done.returncode, done.stderr)
        rounds = json.loads((self.place / "bench.json").read_text())["rounds"]
        lanes = {turn["lane"] for turn in rounds}
        self.assertLessEqual({"millrace, 8 workers", "millrace, 2 persistent"}, lanes)
        self.assertNotIn(sys.executable, json.dumps(rounds))

    def test_a_worker_that_got_too_little_is_a_failure(self):
        liar = self.place.parent / "liar"
        liar.write_text(f"#!/bin/sh\n'{HERE}/standin.py' \"$@\" | sed 's/16777216.n/16777215/'\n")
        liar.chmod(0o755)
        done = self.run_bench("feed", standin=liar)
        self.assertEqual(1, done.returncode)
        self.assertIn("bytes were to arrive", done.stdout)

    def test_what_costs_more_than_before_is_a_failure(self):
        slow = self.place.parent / "slow"
        busy = f"'{sys.executable}' -c 'sum(range(20_000_000))'"
        slow.write_text(f"#!/bin/sh\n{busy}\nexec '{HERE}/standin.py' \"$@\"\n")
        slow.chmod(0o755)
        done = self.run_bench("small", "cat", "--against", slow)
        self.assertNotIn("NO", done.stdout.partition("peak memory")[0])
        done = self.run_bench("small", "--against", HERE / "standin.py", standin=slow)
        self.assertEqual(1, done.returncode, done.stdout + done.stderr)
        self.assertIn("| NO ", done.stdout.partition("wall time")[0])

    def test_an_unknown_commit_is_told(self):
        done = self.run_bench("small", "--against", "nonsense")
        self.assertEqual(1, done.returncode)
        self.assertIn("PROBLEM: small: no commit 'nonsense'", done.stdout)

    def test_an_unknown_benchmark_is_wrong_usage(self):
        self.assertEqual(2, self.run_bench("nonsense").returncode)
        self.assertEqual(2, self.run_bench("nonsense", "--against", "HEAD").returncode)

    def test_nothing_is_left_when_it_is_ended_midway(self):
        with subprocess.Popen(
            self.command("scan", "--rounds", "9999"), stderr=subprocess.PIPE
        ) as run:
            self.assertTrue(any(b"scan 1/" in line for line in run.stderr))
            run.terminate()
            run.stderr.read()
        self.assertEqual(143, run.returncode)
        self.assertEqual({"bench.json", "bench.svg"}, {file.name for file in self.place.iterdir()})


if __name__ == "__main__":
    unittest.main()
