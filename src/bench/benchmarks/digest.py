# SPDX-License-Identifier: Apache-2.0
"""Digests of a big warm file, and two files at once on two cores.

Warm, so that the device is out of it and only reading from the page cache and digesting count.
"whole" is the whole process; "own" is the engine's own seconds, without the start of the JVM, and
is marked so. A C program has no such start, so its whole process stands on the other side.
Every digest is compared with its peer's: a wrong one is a failure, however fast.
"""

from statistics import median

from rows import Row, Target

HEX = {"crc32c": 8, "xxh3": 16, "sha256": 64, "sha512": 128, "sha1": 40, "md5": 32, "xxh128": 32}
TWO = " ×2"
OWN, WHOLE = "own_seconds", "seconds"
# lane: (digest, command in front of the file)
PEERS = {
    "xxhsum -H2": ("xxh128", "xxhsum -q -H2"),
    "xxhsum -H3": ("xxh3", "xxhsum -q -H3"),
    "rhash --crc32c": ("crc32c", "rhash --crc32c"),
    "rhash --sha256": ("sha256", "rhash --sha256"),
    "sha256sum": ("sha256", "sha256sum"),
    "sha512sum": ("sha512", "sha512sum"),
    "sha1sum": ("sha1", "sha1sum"),
    "md5sum": ("md5", "md5sum"),
    "openssl sha256": ("sha256", "openssl dgst -sha256"),
    "openssl sha512": ("sha512", "openssl dgst -sha512"),
    "openssl sha1": ("sha1", "openssl dgst -sha1"),
    "openssl md5": ("md5", "openssl dgst -md5"),
}
# Millrace's digest, its seconds, peer, at least so many times as fast
ROWS = [
    ("crc32c", OWN, "xxhsum -H2", 1.2),
    ("crc32c", WHOLE, "xxhsum -H2", None),
    ("crc32c", WHOLE, "rhash --crc32c", None),
    ("xxh3", OWN, "xxhsum -H3", 1.0),
    ("sha256", WHOLE, "rhash --sha256", 1.0),
    ("sha256", OWN, "rhash --sha256", 1.1),
    ("sha256", WHOLE, "sha256sum", 4.0),
    ("sha256", WHOLE, "openssl sha256", None),
    ("sha512", WHOLE, "sha512sum", None),
    ("sha512", WHOLE, "openssl sha512", None),
    ("sha1", WHOLE, "sha1sum", None),
    ("sha1", WHOLE, "openssl sha1", None),
    ("md5", WHOLE, "md5sum", None),
    ("md5", WHOLE, "openssl md5", None),
]


def run(session):
    one, both = session.data("a"), session.data("a", "b")
    lanes = [millrace(session, name, name, one) for name in HEX if name != "xxh128"]
    lanes += [millrace(session, name + TWO, name, both) for name in ("crc32c", "sha256")]
    lanes += [peer(session, name, *how, one) for name, how in PEERS.items()]
    measured = session.interleave("digest", lanes)
    for digest, seconds, name, at_least in ROWS:
        what = f"{digest}, {'own seconds' if seconds == OWN else 'whole process'}"
        session.speed("digest", measured, what, (digest, seconds), (name, WHOLE), at_least)
    for digest, at_least in (("sha256", 1.9), ("crc32c", 1.9)):
        throughput(session, measured, digest, at_least)
    compare(session, measured)


def millrace(session, lane, digest, files):
    def command(paths):
        at_once = ("--parallel", len(files)) if len(files) > 1 else ()
        words = ("scan", "--json", "--progress", "never", *at_once, "--digest", digest)
        return session.millrace(*words, *paths)

    def after(done):
        found = {
            line["path"]: line["digests"][digest]
            for line in done.json_lines()
            if line["type"] == "file"
        }
        return session.own(done, session.size * len(files)) | {
            "digest_name": digest,
            "digest": found.get(str(files[0])),
        }

    return session.reading(lane, command, files, "warm", after=after)


def peer(session, lane, digest, command, files):
    def after(done):
        return {"digest_name": digest, "digest": done.digest(HEX[digest])}

    return session.reading(
        lane, lambda paths: [*command.split(), *paths], files, "warm", after=after
    )


def throughput(session, measured, digest, at_least):
    """Two files at once against one: bytes a second, both by the engine's own seconds."""
    alone, two = measured.values(digest, OWN), measured.values(digest + TWO, OWN)
    ratios = [2 * single / double for single, double in zip(alone, two)]
    what = f"{digest}, two files at once, throughput, own seconds"
    figures = median(two), "millrace, one file", median(alone)
    session.add(Row("digest", what, "s", *figures, ratios, at_least and Target(at_least)))


def compare(session, measured):
    said = {}
    for lane, rounds in measured.lanes.items():
        for facts in rounds:
            said.setdefault(facts["digest_name"], {}).setdefault(facts["digest"], set()).add(lane)
    for digest, answers in said.items():
        if len(answers) > 1 or None in answers:
            session.problem(f"digest: {digest} differs: {answers}")
