import importlib
from dataclasses import replace

import pytest
import torch

from engine.domain import RefusedInput
from engine.models.conditioning import Conditioning, Crop
from engine.models.encoder import ConvNeXt
from engine.models.network import Network
from engine.models.presets import PRESETS, ConditioningMode, EncoderSpec, preset
from engine.models.unallocated import unallocated_network

TINY = PRESETS["tiny"]


def conditioning(batch=1, shift_mm=0.0):
    ap = torch.tensor([[1.0, 0, 0, shift_mm], [0, 0, -1, 0], [0, 1, 0, 900]])
    lateral = torch.tensor([[0, 1.0, 0, 0], [0, 0, -1, shift_mm], [-1, 0, 0, 900]])
    cameras = torch.stack((ap, lateral)).expand(batch, 2, 3, 4)
    films = torch.randn(batch, 2, 3, 256, 256, generator=torch.Generator().manual_seed(1))
    return Conditioning(films, cameras, torch.full((batch, 2), 900.0), torch.full((batch, 2), 1.25))


def network(spec=TINY):
    """Weights as after some training: nothing of what starts at zero is zero."""
    torch.manual_seed(0)
    made = Network(spec)
    with torch.no_grad():
        for value in made.parameters():
            value.add_(0.05 * torch.randn_like(value))
    return made.eval().requires_grad_(False)


def noisy(levels, batch=1, crop=None):
    sides = [TINY.voxels(level) for level in range(levels)]
    sides[-1] = crop or sides[-1]
    generator = torch.Generator().manual_seed(2)
    return [torch.randn(batch, 1, side, side, side, generator=generator) for side in sides]


def parameters(name):
    return sum(value.numel() for value in unallocated_network(PRESETS[name]).parameters())


def timm_convnext():
    """timm's module. It needs torchvision, which does not import beside a torch of another build without its two
    operators; nothing here calls them."""
    try:
        return importlib.import_module("timm.models.convnext")
    except RuntimeError:
        library = torch.library.Library("torchvision", "FRAGMENT")
        for name in ("nms", "qnms"):
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        return importlib.import_module("timm.models.convnext")


def test_that_m3d_400_has_400_million_parameters_encoder_included():
    assert parameters("m3d-400") == pytest.approx(400e6, rel=0.05)


def test_that_compact_stays_below_12_million_parameters():
    assert parameters("compact") <= 12e6


def test_that_an_unknown_preset_is_refused_with_the_known_ones():
    with pytest.raises(RefusedInput, match="m3d-400, compact, tiny"):
        preset("huge")


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_that_any_number_of_inner_levels_answers_alone(levels):
    made = network()
    encoded = made.encode(conditioning(2), levels)
    outputs = made.denoise(noisy(levels, 2), torch.zeros(2), encoded)
    sides = [TINY.voxels(level) for level in range(levels)]
    assert [tuple(output.v.shape) for output in outputs] == [(2, 1, side, side, side) for side in sides]
    assert [tuple(output.logits.shape) for output in outputs] == [(2, 5, side, side, side) for side in sides]
    assert encoded.tokens.shape == (2, 512, TINY.encoder.token_channels)


def test_that_grids_other_than_those_encoded_are_an_error():
    made = network()
    with pytest.raises(ValueError, match="expected"):
        made.denoise(noisy(2), torch.zeros(1), made.encode(conditioning(), 1))


def test_that_cases_of_a_batch_do_not_touch_each_other():
    made, inputs = network(), noisy(2, 2)
    two = conditioning(2)
    both = made.denoise(inputs, torch.tensor([-3.0, 2.0]), made.encode(two, 2))[-1]
    second = Conditioning(two.films[1:], two.camera_from_lps[1:], two.sod_mm[1:], two.micro[1:])
    alone = made.denoise([level[1:] for level in inputs], torch.tensor([2.0]), made.encode(second, 2))[-1]
    assert torch.allclose(both.v[1:], alone.v, atol=1e-4)


@pytest.mark.parametrize("mode", ConditioningMode)
def test_that_cameras_matter_with_back_projection_only(mode):
    made = network(replace(TINY, conditioning=mode))
    near, far = (made.denoise(noisy(2), torch.zeros(1), made.encode(conditioning(shift_mm=mm), 2)) for mm in (0, 9))
    same = [torch.equal(one.logits, other.logits) for one, other in zip(near, far, strict=True)]
    assert same == [mode is ConditioningMode.CROSS_ATTENTION] * 2


def test_that_films_reach_the_volume_by_cross_attention_alone():
    made, case = network(replace(TINY, conditioning=ConditioningMode.CROSS_ATTENTION)), conditioning()
    other = Conditioning(case.films.flip(-1), case.camera_from_lps, case.sod_mm, case.micro)
    one, two = (made.denoise(noisy(1), torch.zeros(1), made.encode(films, 1))[0].v for films in (case, other))
    assert not torch.allclose(one, two, atol=1e-4)


def test_that_spacing_and_noise_level_matter():
    made, case = network(), conditioning()
    thick = Conditioning(case.films, case.camera_from_lps, case.sod_mm, case.micro * 4)
    answers = [
        made.denoise(noisy(1), torch.full((1,), log_snr), made.encode(films, 1))[0].v
        for films, log_snr in ((case, 0.0), (thick, 0.0), (case, 4.0))
    ]
    assert not torch.allclose(answers[0], answers[1], atol=1e-4)
    assert not torch.allclose(answers[0], answers[2], atol=1e-4)


def test_that_inside_a_crop_the_outermost_level_answers_as_on_the_whole_grid():
    one_way = replace(TINY, outers=(TINY.outers[0], replace(TINY.outers[1], inward=False)))
    made, inputs, case = network(one_way), noisy(3), conditioning()
    whole = made.denoise(inputs, torch.zeros(1), made.encode(case))
    part = inputs[2][:, :, 4:28, 8:32, 0:24]
    encoded = made.encode(case, 3, Crop(torch.tensor([[4, 8, 0]]), 24))
    cropped = made.denoise([*inputs[:2], part], torch.zeros(1), encoded)
    assert torch.equal(cropped[1].v, whole[1].v)
    inside = cropped[2].logits[..., 8:16, 8:24, 0:16]
    assert torch.allclose(inside, whole[2].logits[..., 12:20, 16:32, 0:16], atol=1e-4)


def test_that_an_outer_level_with_a_way_inward_changes_the_inner_ones():
    made, inputs = network(), noisy(2)
    encoded = made.encode(conditioning(), 2)
    one = made.denoise(inputs, torch.zeros(1), encoded)[0].v
    two = made.denoise([inputs[0], inputs[1].flip(-1)], torch.zeros(1), encoded)[0].v
    assert not torch.allclose(one, two, atol=1e-4)


def test_that_a_crop_at_odd_voxels_is_an_error():
    with pytest.raises(ValueError, match="even"):
        Crop(torch.tensor([[0, 3, 0]]), 16)


def test_that_the_trunk_is_timms_convnext():
    convnext = timm_convnext()
    spec = EncoderSpec((8, 16, 24, 32), (1, 2, 1, 1), 16, 8, 32)
    theirs = convnext.ConvNeXt(in_chans=3, depths=spec.depths, dims=spec.widths, num_classes=0).eval()
    with torch.no_grad():
        for value in theirs.parameters():
            value.copy_(torch.randn_like(value) * 0.3)
    ours = ConvNeXt(spec).eval()
    ours.load_state_dict({name: value for name, value in theirs.state_dict().items() if not name.startswith("head")})
    films = torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        expected, found = theirs.forward_intermediates(films, norm=False, intermediates_only=True), ours(films)
    for one, other in zip(expected, found, strict=True):
        assert torch.allclose(one, other, rtol=1e-4, atol=1e-4 * float(one.abs().max()))
