"""Exposed films: random, repeatable, and still of the same knee."""

import numpy as np
import pytest
import torch

from engine.geometry.model_frame import FILM_PIXELS
from training.simulate.film import expose


@pytest.fixture(scope="module")
def integrals() -> torch.Tensor:
    """Soft tissue with a bar of bone in it."""
    parts = torch.zeros(5, 192, 192)
    parts[0, :, 40:150] = 1.5
    parts[1, 30:160, 80:110] = 1.2
    return parts


def test_that_the_same_draw_gives_the_same_film_and_another_does_not(integrals):
    one, same, other = (expose(integrals, np.random.default_rng(seed)) for seed in (4, 4, 5))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_that_every_film_is_finite_and_of_the_networks_size(integrals):
    for seed in range(30):
        film = expose(integrals, np.random.default_rng(seed))
        assert film.shape == (FILM_PIXELS, FILM_PIXELS)
        assert torch.isfinite(film).all()


def test_that_bone_is_brighter_than_the_soft_tissue_beside_it_on_nearly_all_films(integrals):
    brighter = 0
    for seed in range(30):
        film = expose(integrals, np.random.default_rng(seed))
        brighter += bool(film[100:156, 115:138].median() > film[100:156, 160:185].median())
    assert brighter >= 28


def test_that_an_empty_beam_still_gives_a_film():
    assert torch.isfinite(expose(torch.zeros(5, 192, 192), np.random.default_rng(0))).all()
