import copy
import json

import pytest

from engine.domain import RefusedInput
from training.evaluate.compare import comparison, comparison_text, read_evaluation
from training.evaluate.report import FORMAT
from training.evaluate.summary import BONES_AND_MEAN


def interval(mean):
    return {"mean": mean, "low": mean - 0.01, "high": mean + 0.01, "cases": 3}


def report(name, dices, seconds=7200.0):
    """What a comparison reads of an evaluation of three knees."""
    mean = sum(dices) / len(dices)
    scores = {
        bone: {"dice": interval(mean), "assd_mm": interval(1.2), "hd95_mm": interval(4.0)} for bone in BONES_AND_MEAN
    }
    return {
        "format": FORMAT,
        "model": {"id": name, "version": "9", "trained": {"parameters": 2_500_000, "steps": 10, "seconds": seconds}},
        "settings": {"seed": 0},
        "scores": {"unregistered": scores, "registered": scores},
        "cases": {"failed": []},
        "knees": [{"name": f"k{n}", "files": {"f": f"{n:064x}"}, "dice": dice} for n, dice in enumerate(dices)],
    }


FIRST, SECOND = report("one", (0.9, 0.8, 0.7)), report("two", (0.88, 0.79, 0.65))


def test_that_the_difference_is_paired_knee_by_knee():
    rows = comparison([FIRST, SECOND])["models"]
    assert rows[0]["dice_less_first"] is None
    difference = rows[1]["dice_less_first"]
    assert difference["mean"] == pytest.approx((-0.02 - 0.01 - 0.05) / 3)
    assert difference["low"] == pytest.approx(-0.05)  # narrower than the spread of the knees, which is .2
    assert difference["high"] == pytest.approx(-0.01)


def test_that_the_table_says_what_each_training_took_and_sets_published_figures_apart():
    text = comparison_text(comparison([FIRST, SECOND]))
    table, published = text.split("Published figures")
    assert "| one 9 | 2.5 | 10 | – | 2.00 |" in table
    assert "SSR-KD" in published
    assert "SSR-KD" not in table


@pytest.mark.parametrize("change", ["seed", "file", "knee"])
def test_that_other_knees_or_films_are_refused(change):
    other = copy.deepcopy(SECOND)
    if change == "seed":
        other["settings"]["seed"] = 1
    elif change == "file":
        other["knees"][1]["files"]["f"] = "0" * 64
    else:
        other["knees"].pop()
    with pytest.raises(RefusedInput, match="not scored on the same knees"):
        comparison([FIRST, other])


def test_that_one_evaluation_alone_is_refused():
    with pytest.raises(RefusedInput, match="two or more"):
        comparison([FIRST])


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"format": "other"}'])
def test_that_anything_but_an_evaluation_is_refused_by_name(content, tmp_path):
    (tmp_path / "report.json").write_bytes(content)
    with pytest.raises(RefusedInput, match=r"report\.json"):
        read_evaluation(tmp_path)


def test_that_an_evaluation_is_read_from_its_folder(tmp_path):
    (tmp_path / "report.json").write_text(json.dumps(FIRST))
    assert read_evaluation(tmp_path) == FIRST
