# SPDX-License-Identifier: Apache-2.0
"""The files of a Debian 12, made once by debootstrap and kept; machines run on a layer above."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

SUITE = "bookworm"
PACKAGES = ("systemd", "systemd-sysv", "dbus", "openjdk-17-jre-headless", "python3", "procps")


class RootError(Exception):
    """Why there is no root, for one line."""


def cached():
    """Its directory, made if it is not there yet: some minutes and 500 MB."""
    key = hashlib.sha256(" ".join((SUITE, *PACKAGES)).encode()).hexdigest()[:12]
    room = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "millrace"
    root = room / f"{SUITE}-{os.uname().machine}-{key}"
    if not root.is_dir():
        room.mkdir(parents=True, exist_ok=True)
        print(f"boot: making a Debian 12 in {root}: this takes some minutes", file=sys.stderr)
        half_made = Path(f"{root}.{os.getpid()}")
        try:
            bootstrap(half_made)
            half_made.rename(root)
        finally:
            shutil.rmtree(half_made, ignore_errors=True)
    return root


def bootstrap(place):
    log = Path(f"{place}.log")
    # In namespaces of its own: however it ends, none of its processes and mounts are left.
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    command += ["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}"]
    command += [SUITE, place, *mirror()]
    with log.open("wb") as out:
        code = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment()
        ).returncode
    if code != 0:
        last = log.read_text(errors="replace").splitlines()[-5:]
        raise RootError("\n".join([f"debootstrap ended with {code}; its log is {log}", *last]))
    log.unlink()
    for package in (place / "var/cache/apt/archives").glob("*.deb"):
        package.unlink()


def mirror():
    """Where this machine's apt gets the suite from; if it does not, debootstrap has a default."""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI)"]
    asked += ["Created-By: Packages", f"Codename: {SUITE}"]
    told = subprocess.run(asked, capture_output=True, text=True)
    return told.stdout.split()[:1]


def environment():
    """apt's proxy is debootstrap's, too."""
    told = subprocess.run(
        ["apt-config", "shell", "proxy", "Acquire::http::Proxy"], capture_output=True, text=True
    )
    proxy = told.stdout.strip().removeprefix("proxy=").strip("'")
    return {**os.environ, **({"http_proxy": proxy} if proxy else {})}
