"""Lagrange patches: a partition of unity, exact on polynomials, meeting without gaps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.cohort.elements import ELEMENTS, Element, Patch, sampled, triangulated

inside = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda uv: uv if sum(uv) <= 1 else (1 - uv[0], 1 - uv[1]))
SQUARE = Element(False, 3, 3)


def flat(element: Element) -> np.ndarray:
    """Nodes (p, 3) of an element lying in the plane z = 0, one millimetre a side."""
    orders = np.array([element.order_u, element.order_v])
    return np.pad(element.lattice(*orders) / orders, ((0, 0), (0, 1)))


@pytest.mark.parametrize(
    ("name", "nodes"), [("tri10", 10), ("tri15", 15), ("quad44", 16), ("quad54", 20), ("quad55", 25)]
)
def test_that_an_element_has_the_nodes_its_name_says_and_each_owns_its_place(name: str, nodes: int):
    element = ELEMENTS[name]
    np.testing.assert_allclose(element.shape(flat(element)[:, :2]), np.eye(nodes), atol=1e-10)


@pytest.mark.parametrize("name", ELEMENTS)
@given(uv=inside)
def test_that_weights_sum_to_one_and_reproduce_a_polynomial_of_the_order(name: str, uv: tuple[float, float]):
    element, point = ELEMENTS[name], np.array([uv])
    nodes = flat(element)
    assert element.shape(point).sum() == pytest.approx(1)
    for power in range(min(element.order_u, element.order_v) + 1):
        value = nodes[:, 0] ** (power // 2) * nodes[:, 1] ** (power - power // 2)
        assert element.shape(point) @ value == pytest.approx(uv[0] ** (power // 2) * uv[1] ** (power - power // 2))


def two_squares() -> tuple[list[Patch], np.ndarray]:
    """A 2 by 1 mm strip; the second square is stored turned by half a turn, so its shared side runs the other way."""
    left = flat(SQUARE)
    right = left + np.array([1, 0, 0])
    nodes = np.unique(np.concatenate([left, right]).round(9), axis=0)
    number = {tuple(node): k for k, node in enumerate(nodes.tolist())}
    first, second = (np.array([number[tuple(p)] for p in part.round(9).tolist()]) for part in (left, right))
    return [Patch(SQUARE, first), Patch(SQUARE, second[::-1])], nodes


@pytest.mark.parametrize("n", [1, 4, 7])
def test_that_neighbours_share_the_vertices_of_their_side(n: int):
    patches, nodes = two_squares()
    weights, faces = triangulated(patches, len(nodes), n)
    vertices = weights @ nodes
    assert len(vertices) == (2 * n + 1) * (n + 1)
    a, b, c = vertices[faces].swapaxes(0, 1)
    assert np.cross(b - a, c - a)[:, 2] / 2 == pytest.approx(0.5 / n**2)
    np.testing.assert_allclose(vertices.max(axis=0), [2, 1, 0], atol=1e-12)


@pytest.mark.parametrize("name", ELEMENTS)
def test_that_samples_lie_no_further_apart_than_asked(name: str):
    element = ELEMENTS[name]
    nodes = flat(element) * [10, 3, 0]
    points = sampled([Patch(element, np.arange(len(nodes)))], nodes, spacing_mm=1.0) @ nodes
    along_u = np.sort(points[np.isclose(points[:, 1], 0), 0])
    assert np.diff(along_u).max() <= 1.0
    np.testing.assert_allclose([along_u[0], along_u[-1]], [0, 10], atol=1e-12)
