# SPDX-License-Identifier: Apache-2.0
"""sha256 of every regular file of a real tree, warm: many small files, whole processes.

The peer is the fastest that the usual tools can do on two cores: find, xargs -P2 and openssl in
batches of 500. sha256sum by xargs and hashdeep stand beside it for information. The output goes to
a file, and Millrace's, sorted, must be the output of sha256sum, byte for byte.
"""

import os
from pathlib import Path

import process
from process import say

TREES = ["/usr/share", "/usr/include"]
QUICK = ["/usr/include"]
XARGS = 'find "$@" -type f -print0 | xargs -0 '
PARALLEL = XARGS + "-P2 -n500 "


def run(session):
    roots = [root for root in (QUICK if session.quick else TREES) if Path(root).is_dir()]
    files = regular_files(roots)
    what = f"sha256 of {len(files)} files, warm"
    say(f"tree: {len(files)} files of {' '.join(roots)}")
    expected = sums(session, roots)

    def same(done):
        if sorted(done.out.read_bytes().splitlines()) != expected:
            session.problem("tree: the digests of millrace are not those of sha256sum")
        return {"files": len(files)}

    def lane(name, command, **more):
        return session.reading(name, command, files, "warm", roots=roots, **more)

    scan = session.millrace("scan", "--digest", "sha256", "--progress", "never")
    lanes = [
        lane("millrace", lambda paths: [*scan, *paths], after=same),
        shell(lane, "xargs -P2 openssl", PARALLEL + "openssl dgst -sha256", "openssl"),
        shell(lane, "xargs -P2 sha256sum", PARALLEL + "sha256sum", "sha256sum"),
        lane("hashdeep", lambda paths: ["hashdeep", "-c", "sha256", "-r", "-o", "f", *paths]),
    ]
    measured = session.interleave("tree", lanes)
    for peer, at_least in (
        ("xargs -P2 openssl", 1.0),
        ("xargs -P2 sha256sum", None),
        ("hashdeep", None),
    ):
        whole = ("millrace", "seconds"), (peer, "seconds")
        session.speed("tree", measured, what, *whole, at_least)


def shell(lane, name, script, program):
    command = ["bash", "-o", "pipefail", "-c", script, "bash"]
    return lane(name, lambda paths: [*command, *paths], needs=(program,))


def regular_files(roots):
    """What `find -type f` finds, as byte names: a name need not be UTF-8."""
    found, waiting = [], [os.fsencode(root) for root in roots]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    found.append(entry.path)
    return found


def sums(session, roots):
    """The lines of sha256sum, sorted; one process at a time, so that no lines are mixed."""
    command = ["bash", "-o", "pipefail", "-c", XARGS + "sha256sum", "bash", *roots]
    done = process.run(command, session.files.scratch)
    return sorted(done.out.read_bytes().splitlines())
