"""The second look: a sentence among its neighbours, never beyond its note."""

from __future__ import annotations

import numpy as np

from spiegel.mirror.context import NOBODY, Context, Network, surroundings


def test_surroundings_stay_within_the_note() -> None:
    scores = np.array([[1.0], [2.0], [3.0], [9.0]])
    seen = surroundings(scores, np.array([0, 0, 0, 1]))
    none = NOBODY
    assert seen.tolist() == [
        [1.0, none, none, 2.0, 3.0, 2.0],
        [2.0, 1.0, none, 3.0, 3.0, 2.0],
        [3.0, 2.0, 1.0, none, 3.0, 2.0],
        [9.0, none, none, none, 9.0, 9.0],
    ]


def test_nothing_has_no_surroundings() -> None:
    assert surroundings(np.empty((0, 2)), np.empty(0, dtype=np.int64)).shape == (0, 12)


def test_logits_by_hand() -> None:
    network = Network(
        into=np.array([[1.0]] + [[0.0]] * 5),
        into_bias=np.array([-1.0]),
        out=np.array([[2.0]]),
        out_bias=np.array([0.5]),
    )
    other = Network(np.zeros((6, 1)), np.zeros(1), np.zeros((1, 1)), np.array([1.5]))
    context = Context(np.zeros(6), np.ones(6), (network, other))
    logits = context.logits(np.array([[3.0], [-3.0]]), np.array([0, 0]))
    assert logits.tolist() == [[(2 * 2 + 0.5 + 1.5) / 2], [(0.5 + 1.5) / 2]]
