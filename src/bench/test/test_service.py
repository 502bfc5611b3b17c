# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks of the service make of what they see, without a service.

Run: python3 -m unittest discover src/bench/test
"""

import sys
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import settings
import workfiles
from benchmarks import trouble
from benchmarks.yielding import Sampler
from process import BenchError
from service import samples

STEP = 0.02
SPEED = 1000


def sampler(still):
    """A scan of 40 s, read at one speed but for the spans in which it stood still."""
    one, read = Sampler(None), 0
    for number in range(int(40 / STEP)):
        now = number * STEP
        one.samples.append((now, read))
        read += 0 if any(begin <= now < end for begin, end in still) else STEP * SPEED
    return one


class Yielding(unittest.TestCase):
    def test_tells_when_the_scan_stood_still_and_when_it_was_back(self):
        found = sampler([(11.3, 22.5)]).verdict({"began": 10, "ended": 20})
        self.assertAlmostEqual(found["still_seconds"], 1.3, delta=2 * STEP)
        self.assertAlmostEqual(found["full_seconds"], 2.5, delta=0.1)
        self.assertAlmostEqual(found["scan_before"], SPEED, delta=1)
        self.assertAlmostEqual(found["scan_during"], 0.13 * SPEED, delta=20)

    def test_takes_no_breath_for_standing_still(self):
        breaths = [(second + 0.5, second + 0.56) for second in range(40)]
        found = sampler(breaths).verdict({"began": 10, "ended": 20})
        self.assertEqual(found["still_seconds"], 10)

    def test_counts_all_there_was_for_a_scan_that_never_comes_back(self):
        found = sampler([(11, 40)]).verdict({"began": 10, "ended": 20})
        self.assertAlmostEqual(found["full_seconds"], 20, delta=2 * STEP)

    def test_refuses_to_judge_what_was_not_sampled(self):
        with self.assertRaises(BenchError):
            sampler([]).verdict({"began": 50, "ended": 60})


class Trouble(unittest.TestCase):
    def answer(self, well=()):
        pools = [
            {"name": f"p{i}", "state": "READY" if kind in (*trouble.HARMLESS, *well) else "FAILED"}
            for i, kind in enumerate(trouble.KINDS)
        ]
        return SimpleNamespace(status=lambda: {"pools": pools})

    def test_is_that_of_twenty_pools(self):
        self.assertEqual(len(trouble.KINDS), 20)
        self.assertEqual(trouble.body(["/a", "/b"]).count("\n"), 3)
        self.assertEqual(len(trouble.states(self.answer())), 20)

    def test_refuses_to_measure_pools_that_are_well(self):
        with self.assertRaisesRegex(BenchError, "unmounted$"):
            trouble.states(self.answer(well=("unmounted",)))


class Samples(unittest.TestCase):
    def test_have_names_with_labels_and_values(self):
        text = '# HELP a b\na_total{x="y z"} 3\nb 1.5e3\nnonsense\n'
        self.assertEqual(samples(text), {'a_total{x="y z"}': 3.0, "b": 1500.0})


class Names(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.directory = Path(place.name) / "work"

    def test_are_distinct_and_gone_afterwards(self):
        with workfiles.WorkFiles(self.directory, keep=False) as files:
            tree = files.names(2_500)
            found = [path for path in tree.rglob("*") if path.is_file()]
            self.assertEqual(len({path.name for path in found}), 2_500)
            self.assertTrue(all(path.stat().st_size for path in found))
        self.assertEqual(list(self.directory.iterdir()), [])

    def test_come_beside_as_many_pools_and_sources_as_asked_for(self):
        with workfiles.WorkFiles(self.directory, keep=False) as files:
            text = settings.crowded(SimpleNamespace(files=files), "/names", 50)
        head, _, rest = text.partition("pools:\n")
        pools, _, sources = rest.partition("sources:\n")
        self.assertEqual((pools.count("\n"), sources.count("\n")), (50, 50))
        self.assertIn("paths: [/names]", sources)
        self.assertIn("workers:\n", head)


if __name__ == "__main__":
    unittest.main()
