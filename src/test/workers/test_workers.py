# SPDX-License-Identifier: Apache-2.0
"""The example workers, fed by hand as Millrace would feed them.

Run: python3 -m unittest discover src/test/workers
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from urllib.parse import quote_from_bytes

WORKERS = Path(__file__).resolve().parents[3] / "config/workers"
PATH = os.environ["PATH"]
END, ABANDONED = b"\x00\x00\x00\x00", b"\xff\xff\xff\xff"
PROMPT_SECONDS = 20


def header(number, path, size):
    """What Millrace writes in front of a file; a name that is not UTF-8 comes encoded too."""
    said = {"v": 1, "id": number, "path": path.decode("utf-8", "replace"), "bytes": size}
    if said["path"].encode() != path:
        said["path_encoded"] = quote_from_bytes(path)
    return json.dumps(said | {"scan": "test"}).encode() + b"\n"


def framed(*parts):
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def whole(number, path, *parts):
    return header(number, path, sum(map(len, parts))) + framed(*parts) + END


def feed(stream, *command, environment=None):
    return subprocess.run(
        [str(word) for word in command],
        input=stream,
        capture_output=True,
        env={"PATH": PATH, "LANG": "C.UTF-8"} | (environment or {}),
        timeout=PROMPT_SECONDS,
    )


def answers(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


class Lines(unittest.TestCase):
    def lines(self, stream):
        done = feed(stream, WORKERS / "lines.py")
        self.assertEqual((0, b""), (done.returncode, done.stderr))
        return answers(done)

    def said(self, number, lines, longest):
        result = {"lines": lines, "longest_line_bytes": longest}
        return {"id": number, "ok": True, "result": result}

    def test_nothing_comes_and_nothing_is_said(self):
        self.assertEqual([], self.lines(b""))

    def test_an_empty_file_a_byte_and_a_newline(self):
        stream = whole(1, b"/a") + whole(2, b"/b", b"x") + whole(3, b"/c", b"\n")
        self.assertEqual(
            [self.said(1, 0, 0), self.said(2, 0, 1), self.said(3, 1, 0)], self.lines(stream)
        )

    def test_chunks_may_end_anywhere(self):
        text = b"one\n\nthree three\nlast"
        for cut in range(len(text) + 1):
            parts = [part for part in (text[:cut], text[cut:]) if part]
            self.assertEqual([self.said(7, 3, 11)], self.lines(whole(7, b"/a", *parts)), cut)
        single = [bytes([byte]) for byte in text]
        self.assertEqual([self.said(7, 3, 11)], self.lines(whole(7, b"/a", *single)))

    def test_a_chunk_of_many_megabytes(self):
        text = random.Random(5).randbytes(20 << 20)
        longest = max(map(len, text.split(b"\n")))
        self.assertEqual(
            [self.said(1, text.count(b"\n"), longest), self.said(2, 0, 2)],
            self.lines(whole(1, b"/a", text) + whole(2, b"/b", b"xy")),
        )

    def test_an_abandoned_file_is_forgotten(self):
        half = header(1, b"/a", 99)
        for begun in (b"", framed(b"x\n"), framed(b"x\n" + bytes(64))):
            stream = half + begun + ABANDONED + whole(2, b"/b", b"y\n")
            self.assertEqual([self.said(2, 1, 1)], self.lines(stream))

    def test_a_truncated_stream_is_not_answered(self):
        good, last = whole(1, b"/a", b"x\n"), whole(2, b"/b", b"y" * 9, b"z\n")
        for cut in range(len(last)):
            self.assertEqual([self.said(1, 1, 1)], self.lines(good + last[:cut]), cut)

    def test_every_answer_comes_before_the_next_file_does(self):
        with subprocess.Popen(
            [WORKERS / "lines.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        ) as child:
            for number in range(3):
                for byte in whole(number, b"/a", b"x\n"):
                    child.stdin.write(bytes([byte]))
                self.assertEqual(self.said(number, 1, 1), json.loads(child.stdout.readline()))
            child.stdin.close()
            self.assertEqual(b"", child.stdout.read())

    def test_many_files_in_one_stream(self):
        seed = random.randrange(1 << 32)
        with self.subTest(seed=seed):
            dice, stream, expected = random.Random(seed), b"", []
            for number in range(2000):
                text = bytes(dice.choices(b"abc\n", k=dice.randrange(200)))
                cut = dice.randrange(len(text) + 1)
                parts = [part for part in (text[:cut], text[cut:]) if part]
                if dice.random() < 0.1:
                    stream += header(number, b"/a", 999) + framed(*parts) + ABANDONED
                    continue
                stream += whole(number, b"/a", *parts)
                longest = max(map(len, text.split(b"\n")))
                expected.append(self.said(number, text.count(b"\n"), longest))
            self.assertEqual(expected, self.lines(stream))


class Protocol(unittest.TestCase):
    """protocol.py under workers that do what they should not, or only just may."""

    def run_worker(self, body, stream):
        text = f"import sys; sys.path.insert(0, {str(WORKERS)!r}); import protocol, os\n"
        text += "for file in protocol.files():\n    with file:\n        " + body
        return feed(stream, sys.executable, "-c", text)

    def test_names_arrive_as_they_are(self):
        names = [b"/plain", b"/new\nline", b'/"quoted"\\', "/grün \u2028".encode(), b"/\xff%41"]
        stream = b"".join(whole(number, name) for number, name in enumerate(names))
        done = self.run_worker("file.answer(os.fsencode(file.path).hex())", stream)
        self.assertEqual(names, [bytes.fromhex(said["result"]) for said in answers(done)])

    def test_an_exception_is_the_answer_and_the_next_file_is_served(self):
        stream = whole(1, b"/a", b"abc", b"def") + whole(2, b"/b", b"g")
        done = self.run_worker("file.answer({2: 1}[file.id])", stream)
        self.assertEqual(0, done.returncode)
        self.assertEqual(
            [
                {"id": 1, "ok": False, "error": "KeyError: 1"},
                {"id": 2, "ok": True, "result": 1},
            ],
            answers(done),
        )
        self.assertIn(b"Traceback", done.stderr)

    def test_what_was_not_read_is_skipped(self):
        big = random.Random(6).randbytes(3 << 20)
        stream = whole(1, b"/a", big, big) + whole(2, b"/b", b"gh")
        done = self.run_worker("file.answer(next(file.chunks())[:1].hex())", stream)
        self.assertEqual([big[:1].hex(), "67"], [said["result"] for said in answers(done)])

    def test_a_worker_that_forgets_to_answer_answers_null(self):
        done = self.run_worker("pass", whole(1, b"/a", b"x"))
        self.assertEqual([{"id": 1, "ok": True, "result": None}], answers(done))

    def test_a_result_that_json_cannot_say_is_an_error(self):
        for result in ("float('nan')", "object()"):
            done = self.run_worker(f"file.answer({result})", whole(1, b"/a"))
            self.assertEqual([False], [said["ok"] for said in answers(done)])

    def test_an_exception_in_an_abandoned_file_is_not_answered(self):
        stream = header(1, b"/a", 5) + framed(b"x") + ABANDONED + whole(2, b"/b")
        done = self.run_worker("1 // (file.id - 1)", stream)
        self.assertEqual([2], [said["id"] for said in answers(done)])

    def test_what_is_printed_goes_to_the_log(self):
        body = "print('hello'); os.system('echo from a child')"
        done = self.run_worker(body, whole(1, b"/a"))
        self.assertEqual([1], [said["id"] for said in answers(done)])
        self.assertIn(b"from a child", done.stderr)

    def test_what_fails_after_the_answer_does_not_end_the_worker(self):
        done = self.run_worker("file.answer(1); file.answer(2)", whole(1, b"/a") + whole(2, b"/b"))
        self.assertEqual([1, 1], [said["result"] for said in answers(done)])
        self.assertEqual(0, done.returncode)


class PerFile(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.copies = Path(place.name)

    def environment(self, path, size):
        return {"MILLRACE_PATH": path, "MILLRACE_BYTES": str(size), "MILLRACE_SCAN": "test"}

    def left(self):
        return [path for path in self.copies.rglob("*") if not path.is_dir()]


@unittest.skipIf(shutil.which("zstd") is None, "zstd is not installed")
class ZstdCopy(PerFile):
    def copy(self, data, path, size=None, words=None, **more):
        environment = self.environment(path, len(data) if size is None else size) | more
        words = [self.copies] if words is None else words
        return feed(data, WORKERS / "zstd-copy", *words, environment=environment)

    def test_a_copy_stands_under_the_whole_path(self):
        names = [b"/a/plain", b"/new\nline/\n", b'/"q" $(x)\\/-n', b"/\xff/\xfe", b"/" + b"x" * 251]
        for name in names:
            for data in (b"", b"x", random.Random(7).randbytes(3 << 20)):
                done = self.copy(data, os.fsdecode(name))
                self.assertEqual((0, b"", b""), (done.returncode, done.stdout, done.stderr), name)
                file = os.fsencode(self.copies) + name + b".zst"
                out = subprocess.run([b"zstd", b"-dc", b"--", file], capture_output=True)
                self.assertEqual((0, data), (out.returncode, out.stdout), name)
        self.assertEqual(len(names), len(self.left()))

    def test_the_directory_may_come_from_the_environment(self):
        done = self.copy(b"x", "/a", words=[], ZSTD_DIRECTORY=str(self.copies))
        self.assertEqual((0, [self.copies / "a.zst"]), (done.returncode, self.left()))

    def test_a_truncated_stream_is_not_published(self):
        data = random.Random(8).randbytes(300_000)
        self.assertEqual(0, self.copy(b"old", "/a").returncode)
        before = (self.copies / "a.zst").read_bytes()
        for size in (0, 1, 65536, len(data) - 1):
            self.assertNotEqual(0, self.copy(data[:size], "/a", len(data)).returncode, size)
        self.assertNotEqual(0, self.copy(data + b"x", "/a", len(data)).returncode)
        self.assertNotEqual(0, self.copy(b"x", "/a", 0).returncode)
        self.assertEqual([self.copies / "a.zst"], self.left())
        self.assertEqual(before, (self.copies / "a.zst").read_bytes())

    def test_nothing_is_left_when_it_is_ended_midway(self):
        environment = {"PATH": PATH} | self.environment("/a", 1 << 20)
        with subprocess.Popen(
            [WORKERS / "zstd-copy", self.copies],
            stdin=subprocess.PIPE,
            env=environment,
            process_group=0,
        ) as child:
            child.stdin.write(bytes(1 << 19))
            child.stdin.flush()
            until(lambda: self.left())
            os.killpg(child.pid, signal.SIGTERM)
            self.assertEqual(143, child.wait(PROMPT_SECONDS))
        self.assertEqual([], self.left())

    def test_it_stays_below_its_directory(self):
        for path in ("/../x", "/a/..", "relative", "../x"):
            self.assertEqual(1, self.copy(b"x", path).returncode, path)
        self.assertEqual([], self.left())

    def test_a_missing_directory_is_said(self):
        for words in ([], [self.copies / "none"]):
            done = self.copy(b"x", "/a", words=words)
            self.assertEqual(1, done.returncode)
            self.assertIn(b"is no directory", done.stderr)

    def test_a_directory_in_the_place_of_the_copy_is_not_entered(self):
        (self.copies / "a.zst").mkdir()
        self.assertNotEqual(0, self.copy(b"x", "/a").returncode)
        self.assertEqual([], self.left())


class Blake3(PerFile):
    @unittest.skipIf(shutil.which("b3sum") is None, "b3sum is not installed")
    def test_the_digest_is_the_only_output(self):
        known = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"  # of no byte
        done = feed(b"", WORKERS / "b3sum")
        self.assertEqual((0, known), (done.returncode, done.stdout.decode().strip()))
        other = feed(b"x" * 100_000, WORKERS / "b3sum").stdout.decode().strip()
        self.assertEqual(64, len(other))
        self.assertNotEqual(known, other)

    def test_it_says_when_b3sum_is_missing(self):
        done = feed(b"x", WORKERS / "b3sum", environment={"PATH": str(self.copies)})
        self.assertEqual(127, done.returncode)
        self.assertIn(b"b3sum is not installed", done.stderr)


def until(condition):
    deadline = time.monotonic() + PROMPT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("it does not come")
        time.sleep(0.01)


if __name__ == "__main__":
    unittest.main()
