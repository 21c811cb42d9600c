"""FID and KID: their definitions on features whose answer is known, exact numbers of slices, and extractors as data."""

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from engine.domain import RefusedInput
from training.evaluate.extractor import Extractor, load_extractor, torchvision_models
from training.evaluate.image_distance import frechet_distance, image_distances, kernel_distance, spread_slices


def features(seed, images=200, size=6):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=(images, size))).float()


def test_that_the_frechet_distance_of_identical_sets_is_0_and_of_a_shift_its_square():
    one = features(0)
    assert frechet_distance(one, one) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(one, one + 3) == pytest.approx(6 * 9, rel=1e-4)


def test_that_the_kernel_distance_is_near_0_within_a_population_and_the_same_every_time():
    one, other = features(0, 800), features(1, 800)
    assert abs(kernel_distance(one, other)) < 0.05
    assert kernel_distance(one, other + 2) > 1
    assert kernel_distance(one, other + 2) == kernel_distance(one, other + 2)


def test_that_slices_are_exactly_as_many_as_asked_all_different_and_from_every_knee():
    chosen = spread_slices(range(1, 24, 2), 128, 1000)
    assert len(set(chosen)) == len(chosen) == 1000
    counts = np.bincount([knee for knee, _ in chosen])
    assert set(counts[1::2].tolist()) <= {83, 84}
    assert counts[0::2].sum() == 0
    assert {place for _, place in chosen} == set(range(128))


def test_that_too_few_slices_give_no_number():
    assert spread_slices(range(7), 128, 1000) is None


@pytest.fixture
def tiny_extractor():
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(3, 4, 3, stride=2), nn.ReLU(), nn.AdaptiveAvgPool2d(2))
    return Extractor(network, 16, "tiny", "tiny.safetensors", "00" * 32)


def test_that_identical_volumes_have_no_distance_and_other_ones_more_than_the_floor(tiny_extractor):
    def true(knee):
        return np.random.default_rng(knee).normal(0, 300, (16, 16, 16)).astype(np.int16)

    same = image_distances(true, true, 4, 16, tiny_extractor, images=30)["mean"]
    other = image_distances(true, lambda knee: true(knee) + 800, 4, 16, tiny_extractor, images=30)["mean"]
    assert same["fid"] == pytest.approx(0, abs=1e-6)
    assert other["fid"] > 10 * other["floor_fid"] > 0
    assert same["floor_fid"] == other["floor_fid"]


def test_that_the_floor_is_missing_where_half_of_the_knees_have_too_few_slices(tiny_extractor):
    def true(knee):
        return np.full((16, 16, 16), knee, np.int16)

    found = image_distances(true, true, 2, 16, tiny_extractor, images=20)["mean"]
    assert found["fid"] == pytest.approx(0, abs=1e-6)
    assert found["floor_fid"] is None


def test_that_an_extractor_is_read_from_weights_that_name_their_model(tmp_path):
    torch.manual_seed(0)
    model = torchvision_models().get_model("shufflenet_v2_x0_5", weights=None)
    path = tmp_path / "extractor.safetensors"
    save_file(model.state_dict(), path, {"architecture": "shufflenet_v2_x0_5"})
    extractor = load_extractor(path)
    images = torch.rand(2, 32, 32)
    found = extractor.features(images)
    assert found.shape == (2, 1024)
    model.fc = nn.Identity()
    resized = nn.functional.interpolate(images[:, None], (224, 224), mode="bilinear", antialias=True)
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    expected = model.eval()((resized - mean[:, None, None]) / deviation[:, None, None])
    assert torch.allclose(found, expected, atol=1e-5)


def test_that_a_pickle_and_weights_of_an_unnamed_model_are_refused(tmp_path):
    torch.save({"a": torch.zeros(1)}, tmp_path / "weights.pth")
    with pytest.raises(RefusedInput, match="is not a safetensors file"):
        load_extractor(tmp_path / "weights.pth")
    save_file({"a": torch.zeros(1)}, tmp_path / "weights.safetensors")
    with pytest.raises(RefusedInput, match="names no torchvision model"):
        load_extractor(tmp_path / "weights.safetensors")
    save_file({"a": torch.zeros(1)}, tmp_path / "other.safetensors", {"architecture": "resnet18"})
    with pytest.raises(RefusedInput, match="does not hold the weights of resnet18"):
        load_extractor(tmp_path / "other.safetensors")
