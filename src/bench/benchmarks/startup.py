# SPDX-License-Identifier: Apache-2.0
"""How long a person waits for an answer that needs little work, beside a JVM that does nothing.

`--version`, `--help`, a scan of one small file, and `ctl status` of an idle service, each against
`java -version`. A ratio says how many times as long it took.
"""

import process
import settings
from rows import Lane, Row, Target
from service import Service

ROUNDS = 20
PEER = "java -version"
TIMES = {"--version": 2.5, "--help": None, "scan FILE": 4, "ctl status": 5}


def run(session):
    with Service(session, settings.idle(session, 1)) as service:
        small = session.files.random("small", 1 << 20)
        commands = {
            "--version": session.millrace("--version"),
            "--help": session.millrace("--help"),
            "scan FILE": session.millrace("scan", "--digest", "sha256", small),
            "ctl status": session.millrace("ctl", "status", "--credential", service.credential),
            PEER: ["java", "-version"],
        }
        lanes = [lane(session, name, command) for name, command in commands.items()]
        for contestant in lanes:
            if session.has("startup", contestant):
                contestant.run()  # reads the programs into the page cache
        measured = session.interleave("startup", lanes, 4 if session.quick else ROUNDS)
    for name, times in TIMES.items():
        row = Row("startup", f"millrace {name}, × as long", "ms", 1000 * measured.median(name))
        if PEER in measured:
            row.peer, row.theirs = PEER, 1000 * measured.median(PEER)
            pairs = zip(measured.values(name), measured.values(PEER))
            row.ratios = [ours / theirs for ours, theirs in pairs]
            row.target = Target(times, at_least=False) if times else None
        session.add(row)


def lane(session, name, command):
    def answer():
        done = process.run(command, session.files.scratch)
        return {"command": session.shown(command)} | done.cost()

    return Lane(name, answer, needs=(command[0],))
