# SPDX-License-Identifier: Apache-2.0
"""How long a person waits for an answer that needs no work: `--version` and `--help`.

A bare JVM (`java -version`) stands beside it for information: what nobody can save.
"""

import process
from rows import Lane, Row, Target

ROUNDS = 20
LIMIT_MS = 200


def run(session):
    def lane(name, command):
        def answer():
            done = process.run(command, session.files.scratch)
            return {"command": session.shown(command)} | done.cost()

        return Lane(name, answer, needs=(command[0],))

    lanes = [lane(option, session.millrace(option)) for option in ("--version", "--help")]
    lanes.append(lane("java", ["java", "-version"]))
    for contestant in lanes:
        if session.has("startup", contestant):
            contestant.run()  # reads the programs into the page cache
    measured = session.interleave("startup", lanes, rounds=4 if session.quick else ROUNDS)
    for option in ("--version", "--help"):
        row = Row("startup", f"millrace {option}", "ms", 1000 * measured.median(option))
        row.target = Target(LIMIT_MS, at_least=False, absolute=True)
        if "java" in measured:
            row.peer, row.theirs = "java -version", 1000 * measured.median("java")
        session.add(row)
