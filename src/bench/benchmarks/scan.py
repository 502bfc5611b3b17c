# SPDX-License-Identifier: Apache-2.0
"""A big cold file read once: Millrace against cat, fio past the page cache, and cat in a group.

Whole processes, start-up included, on data that is dropped from the page cache before every run
(the programs stay warm). cat is what people use; fio with O_DIRECT is what the device gives to one
reader with 1 MiB blocks; cat in its own 128 MiB memory group is the free way to spare the
neighbours. Recorded besides: what each left in the page cache.
"""

import json

from group import MemoryGroup, why_not

GROUP_BYTES = 128 << 20
FIO = (
    "fio --name=read --ioengine=psync --direct=1 --bs=1M --rw=read --readonly --output-format=json"
)
CRC, READ, CAT, LIMITED = "millrace crc32c", "millrace, no digest", "cat", "cat in 128 MiB group"


def run(session):
    files = session.data("a")
    scan = session.millrace("scan", "--json", "--progress", "never")

    def own(done):
        return session.own(done, session.size)

    def lane(name, command, **more):
        return session.reading(name, command, files, "cold", **more)

    lanes = [
        lane(CRC, lambda paths: [*scan, "--digest", "crc32c", *paths], after=own),
        lane(READ, lambda paths: [*scan, *paths], after=own),
        lane(CAT, lambda paths: ["cat", *paths], sink="null"),
        lane("fio", lambda paths: [*FIO.split(), f"--filename={paths[0]}"], after=fio_seconds),
    ]
    if reason := why_not():
        session.skip(f"scan: {LIMITED}", reason)
    else:
        lanes.append(
            lane(
                LIMITED,
                lambda paths: ["cat", *paths],
                sink="null",
                group=lambda: MemoryGroup("scan", GROUP_BYTES),
            )
        )
    measured = session.interleave("scan", lanes)
    for peer, at_least in ((CAT, 1.5), ("fio", 1.0), (LIMITED, 1.15)):
        for ours, what, target in ((CRC, "cold read, crc32c", at_least), (READ, "cold read", None)):
            session.speed("scan", measured, what, (ours, "seconds"), (peer, "seconds"), target)


def fio_seconds(done):
    """fio's own count, which leaves out its start-up."""
    text = done.out.read_text()
    job = json.loads(text[text.index("{") :])["jobs"][0]
    return {"own_seconds": job["read"]["runtime"] / 1000}
