# SPDX-License-Identifier: Apache-2.0
"""The benchmarks, in the order in which they run. Each module has one `run(session)`."""

from benchmarks import allocate, cat, digest, memory, neighbour, scan, startup, tree

ALL = {
    "startup": startup,
    "scan": scan,
    "digest": digest,
    "cat": cat,
    "tree": tree,
    "neighbour": neighbour,
    "allocate": allocate,
    "memory": memory,
}
