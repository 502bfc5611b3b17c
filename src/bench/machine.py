# SPDX-License-Identifier: Apache-2.0
"""What the figures were measured on, without saying whose machine it is."""

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

import group

# peer: how it says its version
PEERS = {
    "cat": "--version",
    "cc": "--version",
    "fallocate": "--version",
    "filefrag": "-V",
    "find": "--version",
    "fio": "--version",
    "hashdeep": "-V",
    "mbuffer": "--version",
    "nocache": None,
    "openssl": "version",
    "parallel": "--version",
    "prometheus": "--version",
    "pv": "--version",
    "rhash": "--version",
    "sha256sum": "--version",
    "tee": "--version",
    "xargs": "--version",
    "xxhsum": "--version",
}


def describe(directory, launcher):
    return {
        "cpu": first(r"model name\s*: (.*)", "/proc/cpuinfo") or platform.machine(),
        "architecture": platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": int(first(r"MemTotal: +(\d+)", "/proc/meminfo") or 0) * 1024,
        "hypervisor": "hypervisor" in (first(r"flags\s*: (.*)", "/proc/cpuinfo") or ""),
        "kernel": platform.release(),
        "system": first(r'PRETTY_NAME="?([^"\n]*)', "/etc/os-release"),
        "file_system": file_system(directory),
        "memory_groups": group.why_not() or f"cgroup v{group.root()[1]}",
        "load_before": os.getloadavg()[0],
        "jdk": version("java", "-version"),
        "millrace": version(launcher, "--version"),
        "python": platform.python_version(),
        "peers": {name: version(name, option) for name, option in PEERS.items()},
    }


def first(pattern, file):
    try:
        found = re.search(pattern, Path(file).read_text())
    except OSError:
        return None
    return found.group(1).strip() if found else None


def file_system(directory):
    """Type and options of the mount that holds the directory."""
    device = os.stat(directory).st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        fields = line.split()
        kind = fields[fields.index("-") + 1]
        if fields[2] == number:
            return f"{kind} ({fields[5]})"
    return "unknown"


def version(program, option):
    """The first line that the program says of itself, or None where it is absent."""
    if shutil.which(program) is None:
        return None
    if option is None:
        return "present"
    said = subprocess.run([program, option], capture_output=True, text=True, errors="replace")
    lines = (said.stdout + said.stderr).strip().splitlines()
    return lines[0].strip() if lines else "present"


def one_line(machine):
    memory = machine["memory_bytes"] / (1 << 30)
    return (
        f"{machine['cpu']}, {machine['cores']} cores, {memory:.0f} GiB, "
        f"Linux {machine['kernel']}, {machine['file_system'].split()[0]}, {machine['jdk']}"
    )
