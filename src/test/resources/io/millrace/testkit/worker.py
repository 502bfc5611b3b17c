# SPDX-License-Identifier: Apache-2.0
"""A persistent worker by protocol 1 with bad habits: python3 worker.py HABIT [STATE-FILE].

Unless its habit is another, it answers with the SHA-256 of each file, its own process number and
how many files it has seen. Reads its input without buffering, so that it takes what it asks for.
"""
import hashlib
import json
import os
import signal
import subprocess
import sys
import time

habit = sys.argv[1] if len(sys.argv) > 1 else "good"
state = sys.argv[2] if len(sys.argv) > 2 else None


def exactly(count):
    parts = []
    while count:
        part = os.read(0, min(count, 1 << 20))
        if not part:
            sys.exit(0)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def header():
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            sys.exit(0)
        line += byte
    return json.loads(line)


def say(text):
    data = text.encode()
    while data:
        data = data[os.write(1, data):]


def answer(**fields):
    say(json.dumps(fields) + "\n")


def forever():
    while True:
        time.sleep(1000)


def note(text):
    with open(state, "a") as out:
        out.write(text + "\n")


def before_chunks(head):
    if habit == "never-reads":
        forever()
    if habit == "too-soon":
        answer(id=head["id"], ok=True)
        forever()
    if habit == "garbage":
        say("\x1b[1mhello\n")
        forever()
    if habit == "endless":
        while True:
            say("x" * 65536)
    if habit == "endless-lines":
        while True:
            say("y\n" * 32768)
    if habit == "closes-input":
        os.close(0)
        forever()
    if habit == "closes-output":
        os.close(1)
        forever()


def looks():
    descriptors = sorted(os.listdir("/proc/self/fd"))
    with open("/proc/self/environ") as environ, open("/proc/self/status") as status:
        return {"environ": environ.read().split("\0")[:-1], "status": status.read(),
                "descriptors": descriptors, "cwd": os.getcwd()}


def midway():
    if habit == "exits":
        sys.exit(0)
    if habit == "exits-3":
        sys.exit(3)
    if habit == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if habit in ("daemon", "daemon-setsid"):
        child = subprocess.Popen(["sleep", "1000"], start_new_session=habit == "daemon-setsid")
        note(str(child.pid))
        os._exit(0)


def at_end(head):
    if habit == "never-answers":
        forever()
    if habit == "not-json":
        say("%!\n")
    elif habit == "wrong-id":
        answer(id=head["id"] + 1000, ok=True)
    elif habit == "long-answer":
        answer(id=head["id"], ok=True, result="x" * 66000)
    elif habit == "no-id":
        answer(ok=True)
    elif habit == "no-ok":
        answer(id=head["id"])
    elif habit == "two-answers":
        line = json.dumps({"id": head["id"], "ok": True}) + "\n"
        say(line + line)
    elif habit == "says-no":
        answer(id=head["id"], ok=False, error="unripe", result=os.getpid())
    else:
        return False
    return True


if habit == "deaf-idle":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if habit == "fails-first" and not os.path.exists(state):
    note("was here")
    sys.exit(7)
seen = 0
while True:
    head = header()
    seen += 1
    digest = hashlib.sha256()
    before_chunks(head)
    abandoned = False
    while True:
        length = int.from_bytes(exactly(4), "big")
        if length == 0:
            break
        if length == 0xFFFFFFFF:
            abandoned = True
            note("abandoned " + str(head["id"]) + " " + str(os.getpid()))
            break
        midway()
        while length:
            part = exactly(min(length, 1 << 20))
            digest.update(part)
            length -= len(part)
            if habit == "tells":
                print("reading", file=sys.stderr, flush=True)
    if abandoned or at_end(head):
        continue
    if habit == "looks":
        answer(id=head["id"], ok=True, result=looks())
        continue
    answer(id=head["id"], ok=True, result={"sha256": digest.hexdigest(), "pid": os.getpid(), "seen": seen,
           "path": head["path"], "path_encoded": head.get("path_encoded"), "bytes": head["bytes"]})
    if habit == "deaf-idle":
        time.sleep(1000)
    if habit == "dies-idle":
        os._exit(0)
    if habit == "speaks-idle":
        time.sleep(0.2)
        say("by the way\n")
