"""From noise to a knee: one stateless multistep sampler over all levels of the nest."""

from engine.sampling.multistep import Denoiser, SamplerStep, sample
from engine.sampling.noise import noise_levels
from engine.sampling.spacing import Spacing, step_times

__all__ = ["Denoiser", "SamplerStep", "Spacing", "noise_levels", "sample", "step_times"]
