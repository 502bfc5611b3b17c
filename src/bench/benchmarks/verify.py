# SPDX-License-Identifier: Apache-2.0
"""Checking a manifest of sha256 again: two big files and a small tree, warm, whole processes.

Warm, so that the device is out of it. The peer is sha256sum --check.
Every file must be found good, and what Millrace prints is what sha256sum prints, byte for byte.
"""

from pathlib import Path

import process
from benchmarks.tree import QUICK, XARGS, regular_files
from process import say


def run(session):
    files = session.data("a", "b")
    check(session, "two big files", files, lambda: lines(session, ["sha256sum", *files]), 3.0)
    roots = [root for root in QUICK if Path(root).is_dir()]
    found = regular_files(roots)
    say(f"verify: {len(found)} files of {' '.join(roots)}")
    script = ["bash", "-o", "pipefail", "-c", XARGS + "sha256sum", "bash", *roots]
    check(session, f"{len(found)} files of a tree", found, lambda: lines(session, script), None)


def check(session, what, files, sums, at_least):
    manifest, primer = session.files.scratch / "SHA256SUMS", session.files.scratch / "PRIMERSUMS"
    manifest.write_bytes(sums())
    primer.write_bytes(lines(session, ["sha256sum", session.primer()]))
    said = {}

    def lane(name, command):
        def after(done):
            said[name] = done.out.read_bytes()
            return {}

        def words(paths):
            return [*command, manifest if paths is files else primer]

        return session.reading(name, words, files, "warm", after=after)

    verify = session.millrace("verify", "--progress", "never", "--manifest")
    lanes = [lane("millrace", verify), lane("sha256sum --check", ["sha256sum", "--check"])]
    measured = session.interleave("verify", lanes)
    whole = ("millrace", "seconds"), ("sha256sum --check", "seconds")
    session.speed("verify", measured, f"sha256 of {what}, warm", *whole, at_least)
    if said["millrace"] != said["sha256sum --check"]:
        session.problem(f"verify: of {what}, millrace does not say what sha256sum says")


def lines(session, command):
    return process.run(command, session.files.scratch).out.read_bytes()
