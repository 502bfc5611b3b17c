# SPDX-License-Identifier: Apache-2.0
"""Configurations of services that have everything to do, or much that has little to do."""

from session import ROOT

TREE = (20, 100, (100, 20_000))
FEW = (1, 100, (1000, 9000))
BIG_BYTES = 64 << 20
LINES = ROOT / "config/workers/lines.py"
WORKERS = f"""workers:
  count: {{ command: [wc, -c] }}
  lines: {{ command: [python3, "{LINES}"], mode: persistent, processes: 2 }}
  refuses: {{ command: ["false"] }}
  crashes: {{ command: [sh, -c, "kill -9 $$"], retries: 0, quarantine-after: 3, quarantine: 1s }}
  vanishes: {{ command: [/nonexistent/program], quarantine-after: 3, quarantine: 1s }}
"""


def everything(session, extra=False):
    """A pool, sources for all kinds of workers, and with `extra` a pool and a source more."""
    return written(session, *parts(session, extra))


def crowded(session, names, count):
    """`count` pools and sources, those of `everything` among them, and one that scans `names`."""
    pools, sources = parts(session)
    sources.append(f"names: {{ paths: [{names}] }}")
    pools += idle_pools(session, count - len(pools))
    sources += idle_sources(session, count - len(sources))
    return written(session, pools, sources)


def idle(session, count):
    return written(session, idle_pools(session, count), idle_sources(session, count), workers="")


def written(session, pools, sources, workers=WORKERS):
    def block(name, lines):
        return f"{name}:\n" + "".join(f"  {line}\n" for line in lines)

    head = f"roots: [{session.files.directory}]\nreserve: 1GiB\n{workers}"
    return head + block("pools", pools) + block("sources", sources)


def parts(session, extra=False):
    tree = session.files.small_files(*TREE)
    big = session.files.random("load", BIG_BYTES)
    few = sorted(tree.iterdir())[0]
    directories = [session.files.scratch / f"load-pool-{name}" for name in "ab"]
    for directory in (*directories, session.files.scratch / "load-claimed"):
        directory.mkdir(exist_ok=True)
    pools = [f"{one.name}: {{ directory: {one}, file-size: 1MiB, ready: 16 }}" for one in directories]
    sources = [
        f"many: {{ paths: [{tree}], workers: [lines], digests: [crc32c] }}",
        f"big: {{ paths: [{big}], workers: [count], digests: [sha256, xxh3] }}",
        f"failing: {{ paths: [{few}], workers: [refuses, crashes, vanishes] }}",
        f"more: {{ paths: [{few}], every: 5s, digests: [md5] }}",
    ]
    return (pools, sources) if extra else (pools[:1], sources[:-1])


def idle_pools(session, count):
    lines = []
    for number in range(count):
        directory = session.files.scratch / f"idle-pools/{number}"
        directory.mkdir(parents=True, exist_ok=True)
        lines.append(f"pool-{number}: {{ directory: {directory}, file-size: 64KiB, ready: 4 }}")
    return lines


def idle_sources(session, count):
    tree = session.files.small_files(*FEW)
    what = f"{{ paths: [{tree}], every: 24h, digests: [crc32c] }}"
    return [f"source-{number}: {what}" for number in range(count)]
