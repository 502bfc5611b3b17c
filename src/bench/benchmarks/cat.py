# SPDX-License-Identifier: Apache-2.0
"""A big warm file through a pipe into `wc -c`: Millrace splices, pv and cat copy or splice.

Whole pipelines. `wc -c` reads every byte, so the pipe is the work; its count is checked.
"""

from process import BenchError


def run(session):
    files = session.data("a")

    def lane(name, *program):
        pipeline = ["bash", "-o", "pipefail", "-c", '"$@" | wc -c', "bash", *program]

        def command(paths):
            return [*pipeline, *paths]

        needs = (program[0],)
        return session.reading(name, command, files, "warm", after=counted, needs=needs)

    def counted(done):
        if int(done.out.read_text()) != session.size:
            raise BenchError(f"{done.out.read_text().strip()} bytes of {session.size} arrived")
        return {}

    lanes = [
        lane("millrace", *session.millrace("cat")),
        lane("pv -q", "pv", "-q"),
        lane("cat", "cat"),
    ]
    measured = session.interleave("cat", lanes)
    for peer, at_least in (("pv -q", 1.0), ("cat", 3.0)):
        whole = ("millrace", "seconds"), (peer, "seconds")
        session.speed("cat", measured, "warm file into wc -c", *whole, at_least)
