"""Where slices lie, from headers alone: what is uneven or tilted is understood, what is missing is named."""

from pathlib import Path

import numpy as np
import pytest

from engine.domain import RefusedInput
from tests.training.prepare.clinic_cts import AXIAL, positions_of
from training.prepare.slice_header import SliceHeader
from training.prepare.slice_stack import stack_of


def headers(positions, axes=AXIAL, **changes) -> list[SliceHeader]:
    texts = {
        "ImageOrientationPatient": "\\".join(f"{v:.6f}" for v in axes.ravel()),
        "PixelSpacing": "0.5\\0.6",
        "SliceThickness": "2",
        "Rows": "72",
        "Columns": "72",
    } | changes
    places = ["\\".join(f"{v:.4f}" for v in position) for position in positions]
    return [SliceHeader(Path("x"), texts | {"ImagePositionPatient": place}) for place in places]


def test_that_slices_in_any_order_are_stacked_along_their_normal():
    order = np.random.default_rng(0).permutation(20)
    stack = stack_of(headers(positions_of(2.0 * order)))
    assert stack.order == tuple(np.argsort(order))
    assert stack.is_even
    np.testing.assert_allclose(stack.lps_from_ijk(2.0)[:3, :3], np.diag([0.6, 0.5, 2.0]))


def test_that_a_tilted_gantry_shears_the_affine():
    stack = stack_of(headers(positions_of(2.0 * np.arange(20), tilt=0.3)))
    step = np.diff(stack.along_mm).mean()
    np.testing.assert_allclose(stack.lps_from_ijk(step)[:3, 2], [0, 0.6, 2.0], atol=1e-4)


def test_that_uneven_steps_keep_their_places():
    heights = np.r_[np.arange(0, 20, 1.0), np.arange(20, 50, 2.0)]
    stack = stack_of(headers(positions_of(heights)))
    assert not stack.is_even
    np.testing.assert_allclose(stack.along_mm, heights, atol=1e-3)


@pytest.mark.parametrize("lost", [1, 7, 18])
def test_that_a_missing_slice_is_named_with_its_place(lost):
    with pytest.raises(RefusedInput, match=f"slices are missing: 1 gaps, the first of 4.00 mm after slice {lost} "):
        stack_of(headers(positions_of(2.0 * np.delete(np.arange(20), lost))))


def test_that_a_long_run_of_gaps_is_missing_slices_though_none_is_lonely():
    with pytest.raises(RefusedInput, match="slices are missing"):
        stack_of(headers(positions_of(np.r_[np.arange(0, 30, 2.0), np.arange(30, 50, 4.0)])))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"PixelSpacing": "nan\\0.5"}, "no usable PixelSpacing"),
        ({"PixelSpacing": "0\\0.5"}, "implausible"),
        ({"PixelSpacing": "-0.5\\0.5"}, "implausible"),
        ({"PixelSpacing": "0.5"}, "no usable PixelSpacing"),
        ({"SliceThickness": "0"}, "SliceThickness of 0 mm is implausible"),
        ({"SliceThickness": "nan"}, "no usable SliceThickness"),
        ({"ImageOrientationPatient": "1\\0\\0\\1\\0\\0"}, "no pair of directions"),
    ],
)
def test_that_implausible_headers_are_refused_by_name(changes, reason):
    with pytest.raises(RefusedInput, match=reason):
        stack_of(headers(positions_of(2.0 * np.arange(20)), **changes))


def test_that_two_slices_at_one_place_are_refused():
    with pytest.raises(RefusedInput, match="two slices at one place"):
        stack_of(headers(positions_of([0, 2, 4, 4, 6])))


def test_that_two_orientations_and_two_sizes_are_refused():
    axial = headers(positions_of(2.0 * np.arange(10)))
    coronal = headers(positions_of(2.0 * np.arange(10)), np.array([[1.0, 0, 0], [0, 0, -1.0]]))
    with pytest.raises(RefusedInput, match="two orientations"):
        stack_of([*axial, coronal[0]])
    with pytest.raises(RefusedInput, match="two sizes"):
        stack_of([*axial[1:], *headers(positions_of([0]), Rows="64")])


def test_that_slices_out_of_line_are_refused():
    positions = positions_of(2.0 * np.arange(10))
    positions[4, 0] += 3
    with pytest.raises(RefusedInput, match="out of line"):
        stack_of(headers(positions))
