from dataclasses import replace

import numpy as np
import torch

from engine.models.network import Network
from tests.training.loop.small_run import TINY, batch
from training.loop.pictures import made_beside_true


def test_that_the_lower_row_shows_the_true_middle_slices_across_each_axis():
    case = batch(2, 1)
    i, j, k = torch.meshgrid(*(torch.linspace(-1, 1, 16),) * 3, indexing="ij")
    truth = 0.5 * i + 0.25 * j + 0.125 * k
    picture = made_beside_true(Network(TINY), replace(case, hu=(case.hu[0], truth[None, None])))
    assert picture.shape == (32, 48)
    assert picture.dtype == np.uint8
    slices = torch.cat((truth[8], truth[:, 8], truth[:, :, 8]), 1)
    assert np.array_equal(picture[16:], ((slices + 1) * 127.5).round().to(torch.uint8).numpy())


def test_that_the_upper_row_is_what_the_network_makes_of_the_films_and_the_same_each_time():
    case = batch(1, 1)
    torch.manual_seed(0)
    network = Network(TINY)
    torch.nn.init.normal_(network.stems[0].views[0].weight)
    torch.nn.init.normal_(network.heads[0].out.weight)  # zero at first, and silent
    one, again = (made_beside_true(network, case) for _ in range(2))
    brighter = made_beside_true(network, replace(case, films=case.films + 1))
    assert np.array_equal(one, again)
    assert not np.array_equal(one[:8], brighter[:8])
    assert np.array_equal(one[8:], brighter[8:])
