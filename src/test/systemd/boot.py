#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Boots a Debian 12 in a container, installs the service as its package will, and tries the unit.

Usage: boot.py [--layout target/millrace]. Takes root. Nothing of it stays but the cached Debian.
"""

import argparse
import os
import signal
import sys
from pathlib import Path

import install
import root
from failing import Failing
from granting import Granting
from machine import Machine, MachineError, scratch
from report import Hopeless, Report
from service import Service
from starting import Starting
from steering import Steering
from stopping import Stopping
from working import Working

PROJECT = Path(__file__).resolve().parents[3]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument(
        "--layout", type=Path, default=PROJECT / "target/millrace", help="the program"
    )
    options = options.parse_args()
    if os.geteuid() != 0:
        sys.exit("boot: needs root, for a container")
    if not (options.layout / "bin/millrace").exists():
        sys.exit(f"boot: no program in {options.layout}: ./build boot makes it")
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    report = Report()
    try:
        base = root.cached()
        with scratch(PROJECT / "target") as place, Machine(base, place) as machine:
            install.program(machine.root, options.layout)
            report.step("boots", lambda: f"up after {machine.boot():.1f} s")
            service = Service(machine)
            for group in (Starting, Working, Steering, Failing, Granting, Stopping):
                for name, action in group(service).steps():
                    report.step(name, action)
    except Hopeless:
        pass  # and in the report
    except (MachineError, root.RootError) as error:
        sys.exit(f"boot: {error}")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    sys.exit(report.summary())


if __name__ == "__main__":
    main()
