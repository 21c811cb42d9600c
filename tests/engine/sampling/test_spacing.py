import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.models.schedule import Schedule
from engine.sampling import Spacing, step_times


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 60), st.sampled_from(Spacing), st.floats(-20, -2), st.floats(2, 20))
def test_that_times_fall_strictly_from_noise_to_clean(steps, spacing, low, high):
    times = step_times(Schedule(log_snr_min=low, log_snr_max=high), steps, spacing)
    assert len(times) == steps + 1
    assert times[0] == 1
    assert times[-1] == 0
    assert all(a > b for a, b in itertools.pairwise(times))


def test_that_log_snr_spacing_is_even_in_log_snr():
    schedule = Schedule()
    assert np.diff([schedule.log_snr(t) for t in step_times(schedule, 10)]) == pytest.approx([2.0] * 10)


def test_that_a_run_without_steps_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        step_times(Schedule(), 0)
