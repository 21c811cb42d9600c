"""Cases on disk and batches from them: the same step gives the same batch, crops lie where they say."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.domain import RefusedInput
from engine.geometry.calibrate import view_rotation
from engine.geometry.model_frame import FILM_PIXELS
from training.loop.dataset import CaseFolder, network_value, soft_classes
from training.prepare.case_file import case_path, pooled, write_case
from training.simulate.case import SimulatedCase, film_camera


def case(seed: int) -> SimulatedCase:
    rng = np.random.default_rng(seed)
    occupancy = np.zeros((4, 128, 128, 128), np.uint8)
    for bone, low in enumerate((70, 10, 90, 20)):
        occupancy[bone, 10 + 25 * bone : 30 + 25 * bone, 40:90, low : low + 30] = 255
    hu = np.where(occupancy.any(0), 600, -1000 + 20 * seed).astype(np.int16)
    cameras = [film_camera(view_rotation(d, c), 1000.0, FILM_PIXELS) for d, c in (((0, -1, 0), "L"), ((1, 0, 0), "A"))]
    integrals = rng.uniform(0, 1.5, (2, 5, 192, 192)).astype(np.float16)
    return SimulatedCase(
        hu, occupancy, integrals, np.stack([c.camera_from_lps for c in cameras]).astype(np.float32),
        np.array([1000, 1000], np.float32),
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("cases")
    for seed in range(3):
        write_case(case_path(place, seed), case(seed))
    return place


def test_that_a_step_gives_the_same_batch_again(folder):
    one, same = (CaseFolder.of(folder, 7).batch(5, 2, 2, crop=32) for _ in range(2))
    for a, b in zip(
        (*one.hu, one.films, one.crop_origin_ijk), (*same.hu, same.films, same.crop_origin_ijk), strict=True
    ):
        assert torch.equal(a, b)


def test_that_an_epoch_shows_every_case_once(folder):
    cases = CaseFolder.of(folder, 0)
    for epoch in range(2):
        airs = {float(cases.item(3 * epoch + n, 1, None).hu[0].min()) for n in range(3)}
        assert len(airs) == 3


def test_that_levels_are_means_of_each_other_and_labels_are_twice_as_fine(folder):
    batch = CaseFolder.of(folder, 0).batch(0, 1, 3)
    assert [h.shape[-1] for h in batch.hu] == [32, 64, 128]
    assert [labels.shape[-1] for labels in batch.labels] == [64, 128, 128]
    pooled_labels = torch.nn.functional.avg_pool3d(batch.labels[1], 2)
    torch.testing.assert_close(pooled_labels, batch.labels[0], atol=3e-3, rtol=0)
    torch.testing.assert_close(batch.labels[2].sum(1), torch.ones(1, 128, 128, 128), atol=1e-5, rtol=0)


def test_that_a_crop_is_the_part_of_the_whole_that_its_origin_says(folder):
    cases = CaseFolder.of(folder, 0)
    whole, part = cases.batch(1, 1, 2), cases.batch(1, 1, 2, crop=24)
    i, j, k = part.crop_origin_ijk[0].tolist()
    assert torch.equal(part.hu[1][0, 0], whole.hu[1][0, 0, i : i + 24, j : j + 24, k : k + 24])
    assert torch.equal(part.hu[0], whole.hu[0])
    assert part.crop_origin_ijk.remainder(2).sum() == 0


def test_that_the_encoder_alone_needs_no_volumes(folder):
    batch = CaseFolder.of(folder, 0).batch(0, 2, 0)
    assert batch.hu == ()
    assert batch.thickness.shape == (2, 2, 4, 128, 128)


def test_that_an_empty_folder_is_refused_with_a_remedy(tmp_path):
    with pytest.raises(RefusedInput, match="genu train prepare"):
        CaseFolder.of(tmp_path, 0)


def test_that_pooling_keeps_the_mean():
    values = np.random.default_rng(0).uniform(size=(2, 8, 8, 8))
    assert pooled(values, 4).mean() == pytest.approx(values.mean())


def test_that_hu_and_network_values_follow_the_contract():
    hu = np.array([-2000, -1000, 500, 2000, 3000]).reshape(5, 1, 1)
    assert network_value(hu).flatten().tolist() == [-1, -1, 0, 1, 1]


def test_that_what_no_bone_fills_is_background():
    occupancy = np.zeros((4, 1, 1, 1), np.uint8)
    occupancy[1] = 51
    torch.testing.assert_close(soft_classes(occupancy).flatten(), torch.tensor([0.8, 0, 0.2, 0, 0]))


def test_that_a_crop_of_the_finest_grid_is_cut_from_the_whole(folder):
    cases = CaseFolder.of(folder, 0)
    whole, crop = cases.item(1, 3, None), cases.item(1, 3, 48)
    i, j, k = crop.crop_origin_ijk[0].tolist()
    cut = (..., slice(i, i + 48), slice(j, j + 48), slice(k, k + 48))
    assert torch.equal(crop.hu[2], whole.hu[2][cut])
    assert torch.equal(crop.labels[2], whole.labels[2][cut])
    assert torch.equal(crop.hu[0], whole.hu[0])
