"""From two films to files of bones, by clicks and keys alone, with the shipped model in its own process."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image
from PySide6.QtCore import QPoint, QPointF

from app.cases.document import CaseDocument, Step, StepState, step_state
from app.cases.store import CaseStore
from app.desktop.planes.reslice import Plane
from app.desktop.program import Desktop
from app.desktop.theme.current import ThemeChoice
from engine.domain import Bone, View
from tests.app.desktop.end_to_end.golden import WRITE, compare_or_write, picture
from tests.app.desktop.end_to_end.masks import masks
from tests.app.desktop.end_to_end.planner import Planner
from tests.app.desktop.end_to_end.stalls import Stalls

GOLDEN = Path(__file__).parent / "golden"
REMARK = "Rim of the plateau is pale."
LONGEST_S = 0.1
OPENING, FITTING = "opening Review", "fit to the films"  # these may take a little longer, and are told
OPENED_S = 0.5
LONG_S = 600.0  # the model, on a machine that is busy elsewhere


@pytest.mark.alone
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_that_a_planner_comes_from_two_films_to_checked_files(
    planner: Planner, desktop: Desktop, place: Path, tmp_path: Path, repository: Path
) -> None:
    way = Way(planner, desktop, tmp_path, repository / "docs")
    way.import_sample()
    way.check()
    way.generate()
    way.review()
    way.measure()
    folder = way.export(place / "out")
    document = desktop.session.document
    assert document is not None
    verify_files(folder, desktop, document)
    verify_case(desktop, place, document)
    print(*(str(stall) for stall in way.stalls.longest.values()), *map(str, way.stalls.all), sep="\n")
    assert not way.other_pictures, "\n".join(way.other_pictures)
    if not WRITE:  # keeping a picture of the knee as it forms holds up the window
        limits = {OPENING: OPENED_S, FITTING: OPENED_S}
        held_up = [str(s) for at, s in way.stalls.longest.items() if s.seconds > limits.get(at, LONGEST_S)]
        assert not held_up, "\n".join(held_up)


class Way:
    """The steps one after the other, each with its pictures and with a watch on the GUI thread where it matters."""

    def __init__(self, planner: Planner, desktop: Desktop, folder: Path, docs: Path) -> None:
        self.planner, self.desktop, self.folder, self.docs = planner, desktop, folder, docs
        self.stalls = Stalls()
        self.other_pictures: list[str] = []

    def page(self, step: Step) -> Any:
        """The page of a step, once it stands."""
        stack = self.planner.window.stack
        self.planner.wait(lambda: stack.step is step and stack.page(step) is not None, f"{step} stands")
        return stack.page(step)

    def go_to(self, step: Step) -> Any:
        """By the step's button."""
        self.planner.click(self.planner.window.top.steps.buttons[step])
        return self.page(step)

    def state(self, step: Step) -> StepState:
        """How far the step is."""
        assert self.desktop.session is not None
        assert self.desktop.session.document is not None
        return step_state(self.desktop.session.document, step)

    # The steps ------------------------------------------------------------------------------------------------------

    def import_sample(self) -> None:
        page = self.page(Step.IMPORT)
        self.show("import", ThemeChoice.LIGHT)
        self.planner.click(page.zone.sample_button)
        self.page(Step.CHECK)
        assert self.state(Step.IMPORT) is StepState.DONE

    def check(self) -> None:
        page = self.page(Step.CHECK)
        self.planner.wait(lambda: page.work.draft is not None, "both films are read")
        while rows := [row for row in page.open.rows if row.item.by_confirmation]:
            self.planner.click(rows[0].button)
        self.show("check", ThemeChoice.DARK)
        self.planner.click(page.open.accept)
        self.page(Step.GENERATE)
        assert self.state(Step.CHECK) is StepState.DONE

    def generate(self) -> None:
        page, bridge = self.page(Step.GENERATE), self.desktop.bridge
        assert bridge is not None
        self.planner.wait(lambda: bridge.machine is not None, "the engine is warm")
        self.show("generate")
        self.planner.click(page.settings.qualities[1])  # the mean, which is the fastest
        with self.stalls.during("generation"):
            self.planner.click(page.generate)
            self.planner.wait(self.planner.window.job_bar.isVisible, "the bar of the job stands")
            assert bridge.running
            self.planner.wait(lambda: self.formed(page), "the knee forms at every level", LONG_S)
            self.document("generate")
            self.planner.wait(lambda: not bridge.running, "the engine is through", LONG_S)
            self.stalls.call("saving")
            assert self.desktop.session is not None
            saved = self.desktop.session.changed.connect(lambda: self.stalls.call(OPENING))
            self.planner.wait(lambda: self.state(Step.GENERATE) is StepState.DONE, "the knee is kept")
            self.page(Step.REVIEW)
            self.planner.pause(500)
            self.desktop.session.changed.disconnect(saved)

    @staticmethod
    def formed(page: Any) -> bool:
        """Whether there is a picture of every level."""
        return not any(view.empty for views in page.previews.views.values() for view in views)

    def review(self) -> None:
        page = self.page(Step.REVIEW)
        with self.stalls.during(FITTING):
            self.planner.wait(lambda: page.accept.button.isEnabled(), "the fit to both films is known")
        assert set(page.films.projections) == set(View)
        self.planner.wait(lambda: page.views.knee.picture is not None, "the knee is drawn")
        self.planner.click(page.views.planes[Plane.AXIAL], QPoint(150, 120))
        self.planner.write(page.accept.remark, REMARK)
        with self.stalls.during("saving the review"):
            self.planner.click(page.accept.button)
            self.planner.wait(lambda: self.state(Step.REVIEW) is StepState.DONE, "the review is kept")
            self.planner.pause(200)
        self.show("review", ThemeChoice.DARK)

    def measure(self) -> None:
        page = self.go_to(Step.PLAN)
        tool = page.measure.tools[next(iter(page.measure.tools))]
        self.planner.wait(tool.isEnabled, "the knee can be measured")
        self.planner.wait(lambda: page.views.knee.picture is not None, "the knee is drawn")
        view = page.views.planes[Plane.CORONAL]
        ends = [QPoint(view.width() // 4, view.height() // 2), QPoint(3 * view.width() // 4, view.height() // 3)]
        with self.stalls.during("measuring"):
            self.planner.click(tool)
            for end in ends:
                self.planner.click(view, end)
            self.planner.wait(lambda: self.state(Step.PLAN) is StepState.DONE, "the distance is kept")
            self.planner.pause(200)
        (measured,) = page.measurements
        expected = [view.point_at(QPointF(end)) for end in ends]
        np.testing.assert_allclose(measured.points_mm, expected, atol=1e-6)
        self.show("plan", ThemeChoice.LIGHT)

    def export(self, into: Path) -> Path:
        into.mkdir()
        page = self.go_to(Step.EXPORT)
        assert page.choice.chosen_formats() == ("stl",)
        self.planner.write(page.choice.folder, str(into))
        self.show("export")
        with self.stalls.during("export"):
            self.planner.click(page.panel.export_button)
            self.planner.wait(lambda: page.running or self.state(Step.EXPORT) is StepState.DONE, "it is exported")
            self.planner.wait(lambda: self.state(Step.EXPORT) is StepState.DONE, "the export is recorded")
            self.planner.pause(200)
        self.document("export")
        (folder,) = into.iterdir()
        return folder

    # Pictures -------------------------------------------------------------------------------------------------------

    def show(self, name: str, documented: ThemeChoice | None = None) -> None:
        """Compare the window with the pictures that were kept: in the theme that stands, then in the other one."""
        window = self.planner.window
        self.read_messages()
        standing = self.desktop.preferences.value.theme
        for theme in (standing, ThemeChoice.LIGHT if standing is ThemeChoice.DARK else ThemeChoice.DARK):
            self.desktop.preferences.change(theme=theme)
            self.planner.pause(200)
            shown = picture(window, masks(window, window.stack.step))
            told = compare_or_write(f"{name}-{theme.value}", shown, GOLDEN, self.folder)
            self.other_pictures += [told] if told else []
            if theme is documented:
                self.document(name)

    def document(self, name: str) -> None:
        """Keep a picture for the README, with everything that the window shows."""
        if WRITE:
            shown = Image.fromarray(picture(self.planner.window))
            shown.save(self.docs / f"desktop-{name}.png", optimize=True)

    def read_messages(self) -> None:
        """How many there are is the model's to say, so they are read first."""
        for _ in range(2 if self.planner.window.top.messages.text() else 0):
            self.planner.press("Ctrl+M")


def verify_files(folder: Path, desktop: Desktop, document: CaseDocument) -> None:
    """Every file is what the manifest says, and every bone what the case holds, read by another program."""
    assert desktop.session is not None
    case = desktop.session.case
    assert case is not None
    assert document.generated is not None
    told = json.loads((folder / "manifest.json").read_bytes())
    record = document.exports[-1]
    assert {path.name for path in folder.iterdir()} == set(record.files)
    for path in folder.iterdir():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == record.files[path.name]
    assert {*told["files"], *told["papers"], "manifest.json"} == set(record.files)
    for name, entry in (told["files"] | told["papers"]).items():
        assert entry["sha256"] == record.files[name]
    assert (told["case"], told["side"], told["generated"]["sampler"]["steps"]) == (document.id, "right", 1)
    films = {film.name: film.blob for film in document.films}
    assert told["generated"]["films_sha256"] == {"AP": films["ap.dcm"], "LATERAL": films["lateral.dcm"]}
    assert set(told["shown"]) == {bone.word for bone in Bone}
    for bone in Bone:
        blob = document.generated.files[f"meshes/{bone.word}.stl"]
        assert told["shown"][bone.word]["from_sha256"] == [blob]
        same_bone(case.blob(blob), (folder / f"{document.id}_right_{bone.word}.stl").read_bytes())


def same_bone(kept: bytes, written: bytes) -> None:
    """Two STL of one surface, triangle by triangle."""
    one, other = (
        trimesh.load_mesh(trimesh.util.wrap_as_stream(content), file_type="stl", process=False)
        for content in (kept, written)
    )
    np.testing.assert_array_equal(one.triangles, other.triangles)
    other.merge_vertices()
    assert other.is_watertight
    assert other.volume > 1000


def verify_case(desktop: Desktop, place: Path, document: CaseDocument) -> None:
    """After the window has gone the case is whole in the store, with every step done."""
    assert desktop.window is not None
    assert desktop.session is not None
    desktop.window.close()
    desktop.session.show_case(None)
    store = CaseStore(place / "cases")
    case = store.open(document.id)
    try:
        assert case.document == document
        assert {step_state(case.document, step) for step in Step} == {StepState.DONE}
        assert case.document.reviewed is not None
        assert case.document.reviewed.remark == REMARK
    finally:
        case.close()
        store.close()
