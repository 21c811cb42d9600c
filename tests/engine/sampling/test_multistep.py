"""The sampler against diffusers at nest depth 1, and against the closed-form ODE of a Gaussian at every depth."""

import math
import warnings

import numpy as np
import pytest
import torch

from engine.models.schedule import Schedule, alpha_sigma, v_target
from engine.progress import drain
from engine.sampling import Spacing, noise_levels, sample, step_times
from engine.sampling.multistep import level_ratios

MEAN, SPREAD = 0.3, 0.4


def gaussian_denoiser(schedule, calls=None):
    """E[x0 | x_t] of x0 ~ N(MEAN, SPREAD²) at every level."""

    def denoise(x, t):
        if calls is not None:
            calls.append(t)
        clean = []
        for level, ratio in zip(x, level_ratios(x), strict=True):
            alpha, sigma = coefficients(schedule, t, ratio)
            gain = alpha * SPREAD**2 / (alpha**2 * SPREAD**2 + sigma**2)
            clean.append(MEAN + gain * (level - alpha * MEAN))
        return clean

    return denoise


def nonlinear_denoiser(schedule):
    """E[x0 | x_t] of x0 = ±0.5 with equal chance: tanh, so that the ODE is not linear."""

    def denoise(x, t):
        alpha, sigma = coefficients(schedule, t, 1)
        return [0.5 * torch.tanh(0.5 * alpha * level / sigma**2) for level in x]

    return denoise


def coefficients(schedule, t, ratio):
    return [float(c) for c in alpha_sigma(torch.tensor(schedule.log_snr(t, ratio), dtype=torch.float64))]


def marginal_spread(schedule, t, ratio):
    alpha, sigma = coefficients(schedule, t, ratio)
    return math.hypot(alpha * SPREAD, sigma)


def exact_end(schedule, noise, t_last, ratio):
    """The probability-flow ODE of a Gaussian from t = 1 to t_last in closed form, then denoised there."""
    alpha_1, _ = coefficients(schedule, 1.0, ratio)
    alpha, _ = coefficients(schedule, t_last, ratio)
    standard = (noise - alpha_1 * MEAN) / marginal_spread(schedule, 1.0, ratio)
    gain = alpha * SPREAD**2 / marginal_spread(schedule, t_last, ratio)
    return MEAN + gain * standard


def diffusers_run(denoise, schedule, noise, steps, spacing, prediction):
    from diffusers import DPMSolverMultistepScheduler

    oracle = DPMSolverMultistepScheduler(
        algorithm_type="dpmsolver++", solver_order=2, prediction_type=prediction, final_sigmas_type="zero"
    )
    oracle.set_timesteps(steps)
    times = step_times(schedule, steps, spacing)[:-1]
    sigmas = [math.exp(-schedule.log_snr(t) / 2) for t in times]
    oracle.sigmas = torch.tensor([*sigmas, 0.0], dtype=torch.float64)
    oracle.timesteps = torch.arange(steps)
    x = noise
    for step, t in enumerate(times):
        (x0,) = denoise([x], t)
        gamma = torch.tensor(schedule.log_snr(t), dtype=torch.float64)
        alpha, sigma = alpha_sigma(gamma)
        output = x0 if prediction == "sample" else v_target(x0, (x - alpha * x0) / sigma, gamma)
        x = oracle.step(output, torch.tensor(step), x).prev_sample
    return x


@pytest.mark.parametrize("prediction", ["sample", "v_prediction"])
@pytest.mark.parametrize("spacing", Spacing)
@pytest.mark.parametrize("steps", [1, 2, 4, 8, 20])
def test_that_one_level_gives_what_diffusers_gives(steps, spacing, prediction):
    schedule = Schedule()
    (noise,) = noise_levels(1, (8,))
    denoise = nonlinear_denoiser(schedule)
    (ours,) = drain(sample(denoise, schedule, [noise], steps, spacing))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = diffusers_run(denoise, schedule, noise, steps, spacing, prediction)
    torch.testing.assert_close(ours, theirs.to(ours), atol=1e-4, rtol=0)


@pytest.mark.parametrize(("spacing", "within"), [(Spacing.LOG_SNR, 5e-4), (Spacing.TIME, 1e-2)])
def test_that_each_level_of_a_nest_is_solved_on_its_own_schedule(spacing, within):
    schedule, steps = Schedule(), 400
    noise = [level.double() for level in noise_levels(2, (4, 8, 16))]
    ends = drain(sample(gaussian_denoiser(schedule), schedule, noise, steps, spacing))
    t_last = step_times(schedule, steps, spacing)[-2]
    for end, start, ratio in zip(ends, noise, level_ratios(noise), strict=True):
        torch.testing.assert_close(end, exact_end(schedule, start, t_last, ratio), atol=within, rtol=0)


def test_that_the_end_has_the_mean_and_spread_of_the_data():
    schedule = Schedule(log_snr_min=-15, log_snr_max=15)
    noise = [level.double() for level in noise_levels(3, (16, 32))]
    for end in drain(sample(gaussian_denoiser(schedule), schedule, noise, 100)):
        assert float(end.mean()) == pytest.approx(MEAN, abs=0.02)
        assert float(end.std()) == pytest.approx(SPREAD, rel=0.03)


def test_that_the_error_falls_with_the_square_of_the_step():
    schedule = Schedule()
    noise = noise_levels(4, (8,))[0].double()
    steps = np.array([16, 32, 64, 128])
    errors = []
    for count in steps:
        (end,) = drain(sample(gaussian_denoiser(schedule), schedule, [noise], int(count)))
        exact = exact_end(schedule, noise, step_times(schedule, int(count))[-2], 1)
        errors.append(float((end - exact).abs().max()))
    order = -np.polyfit(np.log(steps), np.log(errors), 1)[0]
    assert order == pytest.approx(2.0, abs=0.25)


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_that_a_run_evaluates_the_network_once_a_step_and_tells_after_each(steps):
    schedule, calls = Schedule(), []
    job = sample(gaussian_denoiser(schedule, calls), schedule, noise_levels(5, (4, 8)), steps)
    told = []
    for step in job:
        told.append((step.done, step.total, step.t))
        assert len(calls) == step.done
        assert [d.shape[-1] for d in step.denoised] == [4, 8]
    assert told == [(n + 1, steps, t) for n, t in enumerate(calls)]
    assert calls == step_times(schedule, steps)[:-1]


def test_that_a_denoiser_that_knows_the_answer_is_believed():
    schedule, truth = Schedule(), [torch.full((1, 1, n, n, n), 0.1 * n) for n in (4, 8)]
    ends = drain(sample(lambda x, t: truth, schedule, noise_levels(6, (4, 8)), 5))
    assert all(torch.equal(a, b) for a, b in zip(ends, truth, strict=True))


def test_that_the_noise_given_is_left_as_it_was():
    noise = noise_levels(8, (4, 8))
    copies = [level.clone() for level in noise]
    drain(sample(gaussian_denoiser(Schedule()), Schedule(), noise, 3))
    assert all(torch.equal(a, b) for a, b in zip(noise, copies, strict=True))


def test_that_levels_which_do_not_nest_are_refused():
    with pytest.raises(ValueError, match="do not nest"):
        next(sample(lambda x, t: x, Schedule(), noise_levels(9, (4, 6)), 2))
