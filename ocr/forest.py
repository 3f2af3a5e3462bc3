"""Boosted trees: many small questions about one reading, asked of all trees at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Tree:
    """A small regression tree: node by node, the first one is the root.

    A node with a ``feature`` of −1 is a leaf that says its ``value``; any other sends a reading
    to the node ``low`` where that feature is at most ``value``, else to ``high``.
    """

    feature: tuple[int, ...]
    value: tuple[float, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees whose leaves are added up; their nodes lie one after another in arrays.

    A leaf leads to itself, so that all trees can be gone down as far as the deepest.
    """

    trees: tuple[Tree, ...]
    _roots: NDArray[np.intp] = field(init=False, repr=False, compare=False)
    _feature: NDArray[np.intp] = field(init=False, repr=False, compare=False)
    _value: NDArray[np.float64] = field(init=False, repr=False, compare=False)
    _next: NDArray[np.intp] = field(init=False, repr=False, compare=False)
    _leaf: NDArray[np.bool_] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Lay the nodes one after another."""
        sizes = [len(tree.feature) for tree in self.trees]
        starts = np.cumsum([0, *sizes])[:-1].astype(np.intp)
        feature = np.array([f for tree in self.trees for f in tree.feature], np.intp)
        own = np.arange(len(feature), dtype=np.intp)
        shift = np.repeat(starts, sizes)
        ways = [
            np.where(feature < 0, own, shift + np.array(list(side), np.intp))
            for side in (
                (n for tree in self.trees for n in tree.high),
                (n for tree in self.trees for n in tree.low),
            )
        ]
        for name, found in (
            ("_roots", starts),
            ("_feature", np.maximum(feature, 0)),
            ("_value", np.array([v for tree in self.trees for v in tree.value], np.float64)),
            ("_next", np.array(ways)),
            ("_leaf", feature < 0),
        ):
            object.__setattr__(self, name, found)

    def of(self, features: Sequence[float] | NDArray[np.float64]) -> float:
        """Return the sum of what the leaves say that ``features`` lead to, tree after tree."""
        if not self.trees:
            return 0.0
        asked = np.asarray(features, np.float64)
        nodes = self._roots
        while not self._leaf[nodes].all():
            below = asked[self._feature[nodes]] <= self._value[nodes]
            nodes = self._next[below.view(np.int8), nodes]
        return float(sum(self._value[nodes].tolist()))
