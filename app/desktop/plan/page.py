"""The Plan step: distances and angles on planes and bones, and the bones' own sizes. Every change can be undone."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from app.cases.document import CaseDocument, Measurement, Planned, Step, StepState, basis_of, step_state
from app.desktop.page import Page
from app.desktop.parts.panels import side_panel
from app.desktop.parts.shortcut import add_shortcut
from app.desktop.plan.card import KEYS, MeasureCard
from app.desktop.plan.dimensions_card import DimensionsCard
from app.desktop.plan.measure import Kind, next_name
from app.desktop.plan.measurements import value_words
from app.desktop.planes.model import Mark
from app.desktop.planes.reslice import Plane, PointMm
from app.desktop.session import Session
from app.desktop.views.grid import ViewGrid
from app.desktop.views.linked import LinkedViews
from app.desktop.views.loader import KneeLoader, ShownKnee
from app.desktop.views.page_layout import lay_out
from app.desktop.views.planes_card import PlanesCard
from app.desktop.views.stale_bar import StaleBar

_PLANES = [plane.value for plane in Plane]


class PlanPage(Page):
    """Views to the left, measurements and sizes to the right."""

    step = Step.PLAN

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.views = LinkedViews(self)
        self.loader = KneeLoader(session, self)
        views = {plane.value: view for plane, view in self.views.planes.items()}
        self.grid = ViewGrid({**views, "knee": self.views.knee}, {"all": [_PLANES[:2], [_PLANES[2], "knee"]]})
        self.stale = StaleBar()
        self.measure, self.sizes = MeasureCard(), DimensionsCard()
        self.planes = PlanesCard(self.views.model)
        self._kind: Kind | None = None
        self._points: tuple[PointMm, ...] = ()
        self._adding = False
        self._build()
        self._connect()

    def _build(self) -> None:
        side = side_panel((self.measure, self.sizes, self.planes), (), 46)
        lay_out(self, self.tr("Measure the knee"), self.stale, self.grid, side)

    def _connect(self) -> None:
        self.views.on_maximised(self.grid.toggle_alone)
        for view in (*self.views.planes.values(), self.views.knee):
            view.picked.connect(self._picked)
        self.measure.tool.connect(self.take_tool)
        self.measure.kept.connect(self._keep_stale)
        self.measure.dropped.connect(lambda: self._save((), "Delete measurements"))
        self.measure.table.chosen.connect(self._chosen)
        self.measure.table.renamed.connect(self._rename)
        self.measure.table.deleted.connect(self._delete)
        self.stale.generate.connect(lambda: self.session.want(Step.GENERATE))
        self.loader.loaded.connect(self._loaded)
        self.loader.cleared.connect(self._cleared)
        self.loader.failed.connect(self.session.fail)
        for kind, keys in KEYS.items():
            add_shortcut(self, keys, self.measure.tools[kind].text(), self.measure.tools[kind].click)
        add_shortcut(self, "Escape", self.tr("Stop measuring"), lambda: self.take_tool(None))

    # The case -------------------------------------------------------------------------------------------------------

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """Of the case."""
        document = self.session.document
        return () if document is None or document.planned is None else document.planned.measurements

    def refresh(self) -> None:
        """Show the case as it is now."""
        self.loader.refresh()
        document = self.session.document
        if document is None:
            return
        generated = step_state(document, Step.GENERATE) is StepState.DONE
        stale = step_state(document, Step.PLAN) is StepState.STALE and bool(self.measurements)
        may_change = generated and not self.session.read_only and self.loader.shown is not None
        self.stale.setVisible(not generated)
        self.measure.show_measurements(self.measurements, may_change, stale)
        self._show_tool(self._hint(document, stale))
        self._show_marks()

    def close_page(self) -> None:
        """Give back the renderer."""
        self.views.knee.close_view()

    def _loaded(self, shown: ShownKnee) -> None:
        self.views.show_knee(shown)
        self.sizes.show_meshes(shown.knee.meshes)
        self.refresh()

    def _cleared(self) -> None:
        self._kind, self._points = None, ()
        self.views.clear()
        self.sizes.show_meshes(())

    # Measuring ------------------------------------------------------------------------------------------------------

    def take_tool(self, kind: Kind | None) -> None:
        """Begin to measure, or stop."""
        may = kind is not None and self.measure.tools[kind].isEnabled()
        self._kind, self._points = kind if may else None, ()
        self.views.model.update(picking=may)
        self.refresh()

    def _picked(self, point_mm: PointMm) -> None:
        if self._kind is None:
            self.views.model.look_at(point_mm)  # with Ctrl, on a bone
            return
        self._points = (*self._points, point_mm)
        if len(self._points) == self._kind.value:
            self._add(self._kind, self._points)
        else:
            self.refresh()

    def _add(self, kind: Kind, points_mm: tuple[PointMm, ...]) -> None:
        name = next_name(self.measure.tools[kind].text(), self.measurements)
        self.take_tool(None)
        label_of = {Kind.DISTANCE: "Measure distance", Kind.ANGLE: "Measure angle"}[kind]
        if self._save((*self.measurements, Measurement(name, points_mm)), label_of):
            self._adding = True  # the planes stay where the planner measures
            self.measure.table.selectRow(len(self.measurements) - 1)
            self._adding = False

    def _rename(self, row: int, name: str) -> None:
        before = self.measurements
        if not name or row >= len(before) or before[row].name == name:
            self.refresh()
            return
        self._save((*before[:row], replace(before[row], name=name), *before[row + 1 :]), "Rename measurement")

    def _delete(self, row: int) -> None:
        self._save((*self.measurements[:row], *self.measurements[row + 1 :]), "Delete measurement")

    def _keep_stale(self) -> None:
        self._save(self.measurements, "Keep measurements")

    def _save(self, measurements: tuple[Measurement, ...], words: str) -> bool:
        document = self.session.document
        if document is None:
            return False
        planned = Planned(basis_of(document, Step.PLAN), measurements)
        saved = self.session.accept(replace(document, planned=planned), words)
        self.refresh()
        return saved

    def _chosen(self, row: int) -> None:
        """Carry the crosshair to the chosen measurement's first point that is not an arm's end."""
        if 0 <= row < len(self.measurements) and self._kind is None and not self._adding:
            points = self.measurements[row].points_mm
            self.views.model.look_at(points[1] if len(points) == Kind.ANGLE.value else points[0])
        self._show_marks()

    # What is shown --------------------------------------------------------------------------------------------------

    def _show_tool(self, hint: str) -> None:
        self.measure.show_tool(self._kind, hint)

    def _hint(self, document: CaseDocument, stale: bool) -> str:
        if self.session.read_only:
            return self.tr("The case is open elsewhere and can only be looked at here.")
        if stale:
            return self.tr("These were measured on a knee that has been generated anew, or before a change.")
        if step_state(document, Step.GENERATE) is not StepState.DONE:
            return self.tr("Generate the knee again first.")
        if self._kind is None:
            return "" if self.measurements else self.tr("Choose a tool, then click in a plane or on a bone.")
        names = {
            (Kind.DISTANCE, 0): self.tr("Click the first point."),
            (Kind.DISTANCE, 1): self.tr("Click the second point."),
            (Kind.ANGLE, 0): self.tr("Click the end of the first arm."),
            (Kind.ANGLE, 1): self.tr("Click the vertex."),
            (Kind.ANGLE, 2): self.tr("Click the end of the second arm."),
        }
        how = self.tr("In a plane, or on a bone in 3-D; Enter takes the crosshair, Escape stops.")
        return f"{names[self._kind, len(self._points)]} {how}"

    def _show_marks(self) -> None:
        row = self.measure.table.chosen_row
        marks = [mark_of(each, index == row) for index, each in enumerate(self.measurements)]
        if self._points:
            marks.append(Mark(self._points, "", True))
        if tuple(marks) != self.views.model.state.marks:
            self.views.model.update(marks=tuple(marks))


def mark_of(measurement: Measurement, chosen: bool) -> Mark:
    """A measurement as it is drawn; only the chosen one says its name."""
    words = value_words(measurement)
    return Mark(measurement.points_mm, f"{measurement.name}  {words}" if chosen else words, chosen)
