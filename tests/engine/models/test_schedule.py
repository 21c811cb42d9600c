import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.models.schedule import Schedule, alpha_sigma, eps_from_v, noisy, v_target, x0_from_v

schedules = st.builds(
    Schedule,
    shift_power=st.floats(0, 4),
    log_snr_min=st.floats(-20, -1),
    log_snr_max=st.floats(1, 20),
)
ratios = st.sampled_from([1, 2, 4, 16])


@settings(max_examples=200, deadline=None)
@given(schedules, ratios, st.floats(0, 1), st.floats(0, 1))
def test_that_noise_only_grows_with_time(schedule, ratio, a, b):
    early, late = sorted((a, b))
    assert schedule.log_snr(early, ratio) >= schedule.log_snr(late, ratio)
    if late - early > 1e-6:
        assert schedule.log_snr(early, ratio) > schedule.log_snr(late, ratio)


@settings(max_examples=200, deadline=None)
@given(schedules, ratios)
def test_that_the_range_is_finite_and_shifted_by_the_ratio(schedule, ratio):
    shift = schedule.shift_power * math.log(ratio)
    for t, inner in ((0.0, schedule.log_snr_max), (1.0, schedule.log_snr_min)):
        assert schedule.log_snr(t, ratio) == pytest.approx(inner - shift, abs=1e-6)
    assert schedule.log_snr(-1.0) == schedule.log_snr(0.0)
    assert schedule.log_snr(2.0) == schedule.log_snr(1.0)


@settings(max_examples=200, deadline=None)
@given(schedules, st.floats(0, 1))
def test_that_time_undoes_log_snr(schedule, t):
    assert schedule.time(schedule.log_snr(t)) == pytest.approx(t, abs=1e-9)


def test_that_pooled_noise_of_an_outer_level_matches_the_innermost_at_power_three():
    schedule, t, ratio = Schedule(shift_power=3), 0.4, 4
    outer, inner = schedule.log_snr(t, ratio), schedule.log_snr(t)
    assert math.exp(outer) * ratio**3 == pytest.approx(math.exp(inner))
    assert schedule.log_snr(0.5) == pytest.approx(0)  # cosine: alpha = sigma half-way


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_that_numbers_and_tensors_agree_and_keep_their_dtype(dtype):
    schedule, t = Schedule(), torch.linspace(0, 1, 7, dtype=dtype)
    log_snr = schedule.log_snr(t, 2)
    assert log_snr.dtype == dtype
    assert log_snr.tolist() == pytest.approx([schedule.log_snr(float(s), 2) for s in t], abs=1e-3)
    alpha, sigma = alpha_sigma(log_snr)
    assert alpha.dtype == sigma.dtype == dtype
    assert (alpha**2 + sigma**2).tolist() == pytest.approx([1] * 7)
    assert torch.log(alpha**2 / sigma**2).tolist() == pytest.approx(log_snr.tolist(), abs=1e-3)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**31), st.floats(-15, 15))
def test_that_v_gives_back_both_the_clean_levels_and_the_noise(seed, log_snr):
    source = torch.Generator().manual_seed(seed)
    x0, eps = (torch.randn(2, 1, 2, 2, 2, dtype=torch.float64, generator=source) for _ in range(2))
    gamma = torch.tensor([log_snr, 0.0], dtype=torch.float64)
    x, v = noisy(x0, eps, gamma), v_target(x0, eps, gamma)
    torch.testing.assert_close(x0_from_v(x, v, gamma), x0)
    torch.testing.assert_close(eps_from_v(x, v, gamma), eps)


@pytest.mark.parametrize("bad", [{"log_snr_min": 10.0}, {"log_snr_max": math.inf}, {"shift_power": math.nan}])
def test_that_a_schedule_without_a_finite_range_is_refused(bad):
    with pytest.raises(ValueError, match="finite range"):
        Schedule(**bad)
