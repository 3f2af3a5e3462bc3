"""Trees that are asked all at once say what each says by itself."""

from __future__ import annotations

import numpy as np

from ocr.forest import Forest, Tree
from ocr.pool import fitted


def walked(tree: Tree, features: list[float]) -> float:
    node = 0
    while tree.feature[node] >= 0:
        below = features[tree.feature[node]] <= tree.value[node]
        node = tree.low[node] if below else tree.high[node]
    return tree.value[node]


def test_the_fitted_trees_say_what_they_say_one_by_one() -> None:
    trees = fitted().agreed.trees
    forest = Forest(trees)
    for features in np.random.default_rng(3).normal(0, 2, (50, 29)):
        assert forest.of(features) == sum(walked(tree, features.tolist()) for tree in trees)


def test_a_feature_at_the_very_border_goes_low_and_lone_leaves_will_do() -> None:
    leaf = Tree((-1,), (0.25,), (0,), (0,))
    fork = Tree((1, -1, -1), (3.0, 10.0, 20.0), (1, 0, 0), (2, 0, 0))
    assert Forest((leaf, fork)).of([0.0, 3.0]) == 10.25
    assert Forest((fork, leaf)).of([0.0, 3.1]) == 20.25
    assert Forest(()).of([0.0]) == 0.0
