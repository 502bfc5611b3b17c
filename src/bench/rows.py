# SPDX-License-Identifier: Apache-2.0
"""Contestants, their rounds, and the rows of the table that come of them.

Programs are compared only within a round: the ratio is taken in every round and the median of the
ratios is reported, so that a machine which is slower for a minute is slower for all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Target:
    """`value` is what the ratio (or, with `absolute`, Millrace's own figure) must reach."""

    value: float
    at_least: bool = True
    absolute: bool = False

    def met(self, figure):
        return figure >= self.value if self.at_least else figure <= self.value


@dataclass
class Row:
    """A line of the table. A ratio says how many times as good Millrace was, unless `what` says."""

    benchmark: str
    what: str
    unit: str
    ours: float | None
    peer: str | None = None
    theirs: float | None = None
    ratios: list[float] = field(default_factory=list)
    target: Target | None = None

    def ratio(self):
        return median(self.ratios) if self.ratios else None

    def figure(self):
        """What the target is about."""
        return self.ours if self.target and self.target.absolute else self.ratio()

    def met(self):
        return self.target.met(self.figure()) if self.target else None


@dataclass(frozen=True)
class Lane:
    """One contestant: `run` prepares, measures, and returns what is to be recorded."""

    name: str
    run: Callable[[], dict]
    needs: tuple[str, ...] = ()


class Measured:
    """The rounds of one interleaving, by lane."""

    def __init__(self):
        self.lanes = {}

    def __contains__(self, lane):
        return lane in self.lanes

    def values(self, lane, key="seconds"):
        return [facts[key] for facts in self.lanes[lane]]

    def median(self, lane, key="seconds"):
        return median(self.values(lane, key))
