# SPDX-License-Identifier: Apache-2.0
"""The benchmarks, in the order in which they run. Each module has one `run(session)`."""

from benchmarks import (
    allocate,
    cat,
    digest,
    feed,
    feed_small,
    idle,
    memory,
    neighbour,
    pool,
    prometheus,
    rate,
    scan,
    soak,
    startup,
    tree,
    trouble,
    verify,
    yielding,
)

ALL = {
    "startup": startup,
    "scan": scan,
    "digest": digest,
    "cat": cat,
    "tree": tree,
    "verify": verify,
    "feed": feed,
    "feed-small": feed_small,
    "neighbour": neighbour,
    "allocate": allocate,
    "memory": memory,
    "idle": idle,
    "pool": pool,
    "trouble": trouble,
    "rate": rate,
    "yield": yielding,
    "prometheus": prometheus,
    "soak": soak,
}
