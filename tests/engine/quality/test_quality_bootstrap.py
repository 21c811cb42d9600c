"""Confidence intervals of a mean over cases."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.quality.bootstrap import Interval, bootstrap_interval


def test_that_equal_cases_have_an_interval_of_no_width():
    assert bootstrap_interval([0.9] * 5) == Interval(pytest.approx(0.9), pytest.approx(0.9), pytest.approx(0.9), 5)


def test_that_the_interval_of_many_cases_is_that_of_the_normal_law():
    values = np.random.default_rng(1).normal(0.9, 0.02, 400)
    interval = bootstrap_interval(list(values))
    half = 1.96 * values.std(ddof=1) / 20
    assert interval.high - interval.mean == pytest.approx(half, rel=0.05)
    assert interval.mean - interval.low == pytest.approx(half, rel=0.05)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_that_the_mean_lies_within_and_repeats(values):
    interval = bootstrap_interval(values, draws=500)
    slack = 1e-9
    assert min(values) - slack <= interval.low <= interval.high <= max(values) + slack
    assert interval == bootstrap_interval(values, draws=500)


@pytest.mark.parametrize("values", [[], [0.5, float("nan")], [[0.5]]])
def test_that_no_case_or_no_number_is_refused(values):
    with pytest.raises(ValueError, match="one finite value a case"):
        bootstrap_interval(values)
