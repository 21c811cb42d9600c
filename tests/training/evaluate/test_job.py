"""The evaluation as a whole, with the phantom in the model's place: resuming, failures, the report and its page."""

import json
import re
import shutil
from html.parser import HTMLParser

import pytest

from engine.domain import RefusedInput, Side
from engine.io.nifti import label_nifti_bytes
from engine.progress import Progress, drain
from tests.conftest import REPOSITORY
from tests.phantoms import knee_labels
from tests.training.evaluate.phantom_cases import MODEL, PhantomMaker, write_phantom_case
from training.evaluate.job import EvaluationRequest, evaluate
from training.evaluate.report import NO_EXTRACTOR

NASTY = "<img src=x onerror=alert(1)>.npz"


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cases")
    write_phantom_case(folder / "000000.npz")
    write_phantom_case(folder / NASTY, 1)
    return folder


@pytest.fixture(scope="module")
def evaluated(cases, tmp_path_factory):
    """Out folder, report and maker of an unbroken evaluation."""
    out, maker = tmp_path_factory.mktemp("out"), PhantomMaker()
    return out, drain(evaluate(MODEL, EvaluationRequest(cases, out), maker)), maker


def test_that_a_phantom_that_is_made_as_it_is_scores_as_the_ceiling_does(evaluated):
    _, report, maker = evaluated
    assert maker.calls == 2
    made, ceiling = (report[name]["unregistered"]["mean"] for name in ("scores", "ceiling"))
    assert made["dice"]["cases"] == 2
    assert made["dice"]["mean"] > 0.85
    assert made["dice"]["mean"] == pytest.approx(ceiling["dice"]["mean"], abs=0.05)
    assert report["hu_error"]["body"]["mean_absolute_hu"]["mean"] == pytest.approx(0, abs=1e-3)
    assert report["images"] == {"status": NO_EXTRACTOR}


def test_that_the_report_keeps_the_shape_that_other_programs_read(evaluated):
    out, report, _ = evaluated
    assert json.loads((out / "report.json").read_text()) == json.loads(json.dumps(report))
    assert (report["format"], report["format_version"]) == ("genu-evaluation", 1)
    assert list(report) == [
        "format",
        "format_version",
        "model",
        "settings",
        "versions",
        "cases",
        "scores",
        "residual_motion",
        "ceiling",
        "hu_error",
        "subgroups",
        "condylar_width_bounds_mm",
        "images",
        "knees",
        "published",
    ]
    assert set(report["scores"]) == {"unregistered", "registered", "registered_per_bone"}
    for kind in report["scores"].values():
        assert list(kind) == ["femur", "tibia", "patella", "fibula", "mean"]
        for row in kind.values():
            assert list(row) == ["dice", "iou", "assd_mm", "hd95_mm", "nsd_1mm", "nsd_2mm"]
            assert set(row["dice"]) == {"mean", "low", "high", "cases"}
    assert set(report["subgroups"][0]) == {"property", "group", "knees", "dice", "assd_mm"}
    assert re.fullmatch("[0-9a-f]{64}", report["knees"][0]["files"]["000000.npz"])


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.sources, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.sources += [value for name, value in attrs if name in ("src", "href") or name.startswith("on")]

    def handle_data(self, data):
        self.words.append(data)


def test_that_the_page_fetches_nothing_runs_nothing_and_shows_a_nasty_name_as_text(evaluated):
    out, _, _ = evaluated
    page = Page((out / "report.html").read_text())
    assert not {"script", "link", "iframe", "object", "a"} & set(page.tags)
    assert len(page.sources) == 4
    assert all(source.startswith("data:image/png;base64,") for source in page.sources)
    assert page.words.count(NASTY) == 2
    assert f"FID: {NO_EXTRACTOR}" in page.words


def test_that_an_interrupted_evaluation_goes_on_and_tells_the_same(cases, evaluated, tmp_path):
    _, unbroken, _ = evaluated
    maker = PhantomMaker()
    job = evaluate(MODEL, EvaluationRequest(cases, tmp_path), maker)
    for event in job:
        if event == Progress("knees", 1, 2):
            break
    job.close()
    assert not (tmp_path / "report.json").exists()
    assert drain(evaluate(MODEL, EvaluationRequest(cases, tmp_path), maker)) == unbroken
    assert maker.calls == 2


def test_that_another_seed_or_a_changed_case_is_not_answered_from_what_was_kept(cases, evaluated, tmp_path):
    out, _, _ = evaluated
    for name in ("knees", "cases"):
        shutil.copytree({"knees": out / "knees", "cases": cases}[name], tmp_path / name)
    write_phantom_case(tmp_path / "cases" / "000000.npz", 5)
    maker = PhantomMaker()
    drain(evaluate(MODEL, EvaluationRequest(tmp_path / "cases", tmp_path), maker))
    assert maker.calls == 1
    drain(evaluate(MODEL, EvaluationRequest(tmp_path / "cases", tmp_path, seed=1, limit=1), maker))
    assert maker.calls == 2


def test_that_a_knee_that_was_not_made_counts_as_missed_and_is_tried_again(cases, tmp_path):
    maker = PhantomMaker(fails_at=1)
    report = drain(evaluate(MODEL, EvaluationRequest(cases, tmp_path, limit=1), maker))
    assert report["scores"]["unregistered"]["mean"]["dice"]["mean"] == 0.0
    assert report["scores"]["unregistered"]["mean"]["assd_mm"] is None
    assert "drew no bone" in report["cases"]["failed"][0]["reason"]
    assert "drew no bone" in (tmp_path / "report.html").read_text()
    again = drain(evaluate(MODEL, EvaluationRequest(cases, tmp_path, limit=1), maker))
    assert again["cases"] == {"scored": 1, "failed": [], "refused": []}


def test_that_a_labelled_folder_is_scored_and_a_broken_one_is_named(tmp_path):
    folder = tmp_path / "cases" / "one"
    shutil.copytree(REPOSITORY / "assets" / "sample-case", folder)
    (folder / "labels.nii.gz").write_bytes(label_nifti_bytes(knee_labels(32, Side.RIGHT)))
    (folder / "truth.json").write_text('{"tilt": -3, "implant": false}')
    broken = tmp_path / "cases" / "two"
    broken.mkdir()
    (broken / "labels.nii.gz").write_bytes(b"nothing")
    report = drain(evaluate(MODEL, EvaluationRequest(tmp_path / "cases", tmp_path / "out"), PhantomMaker()))
    (knee,) = report["knees"]
    assert knee["dice"] > 0.9
    assert (knee["properties"]["lateral_error_deg"], knee["properties"]["implant"]) == (3.0, False)
    assert knee["properties"]["osteopenia"] is None
    assert report["cases"]["refused"] == [
        {"name": "two", "reason": "two holds no ap.dcm; put both films beside labels.nii.gz"}
    ]
    assert report["hu_error"]["body"]["mean_absolute_hu"] is None


@pytest.mark.parametrize("what", ["empty", "missing", "broken"])
def test_that_a_folder_without_a_readable_case_is_refused_by_name(tmp_path, what):
    folder = tmp_path / what
    if what != "missing":
        folder.mkdir()
    if what == "broken":
        (folder / "000001.npz").write_bytes(b"")
    with pytest.raises(RefusedInput, match=what):
        drain(evaluate(MODEL, EvaluationRequest(folder, tmp_path / "out"), PhantomMaker()))
    assert not (tmp_path / "out").exists()
