"""Means, intervals and subgroups of records whose numbers are known."""

import numpy as np
import pytest

from engine.domain import Bone
from training.evaluate.knee import Properties
from training.evaluate.subgroups import bend_group, flexion_group, subgroup_rows, view_error_group, width_bounds
from training.evaluate.summary import interval, measured, residual_motion, score_table


def record(dice=0.9, status="scored", **properties):
    def kinds(value, assd):
        bone = {"dice": value, "iou": 0.8, "assd_mm": assd, "hd95_mm": 3.0, "nsd_1mm": 0.5, "nsd_2mm": 0.7}
        bones = {"bones": {b.word: dict(bone) for b in Bone}}
        motion = {"motion": {"rotation_deg": 2.0, "translation_mm": 1.0}}
        return {"unregistered": bones, "registered": bones | motion, "registered_per_bone": bones}

    return {
        "status": status,
        "bones": [b.word for b in Bone],
        "scores": kinds(dice, 2 - dice) if status == "scored" else None,
        "ceiling": kinds(0.99, 0.1),
        "properties": Properties(**properties).as_dict(),
    }


def test_that_the_interval_of_a_known_sample_holds_its_standard_errors():
    values = np.random.default_rng(0).normal(0.9, 0.02, 200)
    found = interval(values.tolist())
    error = values.std() / np.sqrt(200)
    assert found["mean"] == pytest.approx(values.mean())
    assert found["low"] == pytest.approx(values.mean() - 1.96 * error, abs=0.15 * error)
    assert found["high"] == pytest.approx(values.mean() + 1.96 * error, abs=0.15 * error)
    assert found["cases"] == 200
    assert interval([None, None]) is None


def test_that_a_failed_knee_counts_with_no_overlap_and_in_no_distance():
    records = [record(0.8), record(status="failed")]
    table = score_table(records)["unregistered"]
    assert table["mean"]["dice"]["mean"] == pytest.approx(0.4)
    assert table["tibia"]["nsd_2mm"]["mean"] == pytest.approx(0.35)
    assert table["mean"]["assd_mm"] == interval([1.2])
    assert residual_motion(records)["rotation_deg"]["cases"] == 1


def test_that_one_missing_bone_leaves_the_knee_without_a_mean_distance():
    knee = record()
    knee["scores"]["unregistered"]["bones"]["patella"] |= {"assd_mm": None, "nsd_1mm": None, "dice": 0.0}
    assert measured(knee, "unregistered", "mean", "assd_mm") is None
    assert measured(knee, "unregistered", "patella", "nsd_1mm") == 0.0
    assert measured(knee, "unregistered", "femur", "assd_mm") == pytest.approx(1.1)


@pytest.mark.parametrize(
    ("grouping", "properties", "group"),
    [
        (view_error_group, Properties(lateral_error_deg=0.0), "none"),
        (view_error_group, Properties(lateral_error_deg=3.0), "2.5 to 5°"),
        (view_error_group, Properties(lateral_error_deg=5.1), "over 5°"),
        (view_error_group, Properties(), None),
        (flexion_group, Properties(flexion_deg=19.9), "below 20°"),
        (flexion_group, Properties(flexion_deg=20.0), "20 to 30°"),
        (flexion_group, Properties(flexion_deg=30.1), "over 30°"),
        (bend_group, Properties(bend_deg=12.0), "bent further"),
        (bend_group, Properties(bend_deg=0.0), "same as AP"),
        (bend_group, Properties(), None),
    ],
)
def test_that_a_property_stands_in_its_group(grouping, properties, group):
    assert grouping(properties) == group


def test_that_subgroups_hold_every_knee_once_and_unknown_ones_apart():
    records = [record(0.1 * n, condylar_width_mm=60.0 + n, osteopenia=n > 3 or None) for n in range(6)]
    rows = subgroup_rows(records)
    for name in {row["property"] for row in rows}:
        assert sum(row["knees"] for row in rows if row["property"] == name) == 6
    found = {(row["property"], row["group"]): row for row in rows}
    assert [
        found["condylar width", third]["knees"] for third in ("smallest third", "middle third", "largest third")
    ] == [
        2,
        2,
        2,
    ]
    assert found["condylar width", "largest third"]["dice"]["mean"] == pytest.approx(0.45)
    assert found["osteopenia", "yes"]["dice"]["mean"] == pytest.approx(0.45)
    assert found["osteopenia", "unknown"]["knees"] == 4
    assert found["side", "unknown"]["knees"] == 6


def test_that_two_knees_have_no_thirds():
    assert width_bounds([60.0, 70.0, None]) is None
