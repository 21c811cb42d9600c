"""What a case's report says: pictures, sizes, measurements, where every number is from, and what was exported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication

from app.cases.document import CaseDocument, Measurement, Step, StepState, step_state
from app.cases.knee import Knee
from app.desktop.parts.anatomy_words import bone_name, side_name, view_name
from app.desktop.parts.verdict_words import verdict_words
from app.desktop.parts.words import number_words, one_line
from app.desktop.report.calibration import calibration
from app.desktop.report.parts import Heading, Legend, Paragraph, Part, PictureRow, Report, Table, Tone
from app.desktop.report.pictures import bone_pictures, film_picture, plane_pictures
from app.desktop.report.privacy import text_is_burnt_in, without_films, without_people
from app.desktop.theme.bones import BONE_COLOURS
from engine.domain import BoneMesh, CalibratedPair, View
from engine.quality.bone_dimensions import PUBLISHED_SOURCE, bone_dimensions
from engine.quality.similarity import verdict
from export.formats import FORMATS
from export.manifest import MeshFile

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What a report is made from. meshes: the exported ones.   pair: None where the films could not be read again.

    files: the exported mesh files.   at: time of the export, as the planner reads it.
    """

    document: CaseDocument
    knee: Knee
    meshes: tuple[BoneMesh, ...]
    pair: CalibratedPair | None
    files: Sequence[MeshFile]
    at: str
    with_films: bool = True


def case_report(material: Material) -> Report:
    """The report of a case at the moment of an export. Takes seconds; never in the GUI thread."""
    parts = [part for section in _SECTIONS for part in section(material)]
    side = side_name(material.knee.side)
    title = translate("Report", "{side} knee from two radiographs").format(side=side.capitalize())
    subtitle = translate("Report", "Case {case}, exported {at}").format(case=material.document.id, at=material.at)
    model = material.knee.report.get("model", {})
    foot = translate("Report", "Genu {genu}, model {model}, case {case}, {side}").format(
        genu=version("genu"), model=_model_words(model), case=material.document.id, side=side
    )
    return Report(title, subtitle, foot, tuple(parts))


# Sections: each gives its parts, or none where there is nothing to say ----------------------------------------------


def _cautions(material: Material) -> list[Part]:
    said = []
    if step_state(material.document, Step.REVIEW) is not StepState.DONE:
        said.append(translate("Report", "Nobody had accepted this knee on the Review page when it was exported."))
    said += _warnings(material)
    if not said:
        return []
    return [Heading(translate("Report", "Warnings")), *(Paragraph(one_line(text, 600), Tone.WARNING) for text in said)]


def _warnings(material: Material) -> list[str]:
    told = [str(warning) for warning in material.knee.report.get("warnings", ())]
    if material.pair is not None:
        told += [warning for film, _ in material.pair.views for warning in film.warnings]
    redact = without_films(material.document, material.knee.report, material.pair)
    return list(dict.fromkeys(redact(warning) for warning in told))


def _films(material: Material) -> list[Part]:
    heading = Heading(translate("Report", "Films with the outlines of the generated bones"))
    if not material.with_films:
        return []
    if material.pair is None:
        return [heading, Paragraph(translate("Report", "The films could not be read again."), Tone.QUIET)]
    shown, hidden = [], []
    for view, (film, camera) in zip(View, material.pair.views, strict=True):
        if text_is_burnt_in(film):
            hidden.append(
                translate("Report", "{view}: left out, since text is burnt into it.").format(view=view_name(view))
            )
        else:
            shown.append(film_picture(film, camera, material.meshes, _film_caption(material.document, view)))
    pictures: list[Part] = [PictureRow(tuple(shown), 80.0, black=True)] if shown else []
    return [heading, *pictures, *([_legend(material.meshes)] if shown else []), *(Paragraph(one) for one in hidden)]


def _film_caption(document: CaseDocument, view: View) -> str:
    reviewed = document.reviewed
    if reviewed is None or view.value not in reviewed.similarity:
        return view_name(view)
    figure = reviewed.similarity[view.value]
    return translate("Report", "{view}: similarity {figure} ({verdict})").format(
        view=view_name(view), figure=number_words(figure, 2), verdict=verdict_words(verdict(figure))
    )


def _bones(material: Material) -> list[Part]:
    captions = (
        translate("Report", "From the front"),
        translate("Report", "From the lateral side"),
        translate("Report", "From behind"),
    )
    row = PictureRow(tuple(bone_pictures(material.meshes, captions)), 80.0)
    return [Heading(translate("Report", "Bones")), row, _legend(material.meshes)]


def _planes(material: Material) -> list[Part]:
    captions = translate("Report", "Axial"), translate("Report", "Coronal"), translate("Report", "Sagittal")
    pictures = plane_pictures(material.knee.ct, captions)
    heading = Heading(translate("Report", "Planes through the middle of the synthetic CT"))
    return [heading, PictureRow(tuple(pictures), 58.0, black=True)] if pictures else []


def _dimensions(material: Material) -> list[Part]:
    rows = []
    for mesh in material.meshes:
        size = bone_dimensions(mesh)
        lengths = (
            number_words(value, 1) for value in (size.width_mm, size.depth_mm, size.length_mm, size.volume_mm3 / 1000)
        )
        rows.append((bone_name(mesh.bone), *lengths))
    columns = (
        translate("Report", "Bone"),
        translate("Report", "Width, mm"),
        translate("Report", "Depth, mm"),
        translate("Report", "Length in view, mm"),
        translate("Report", "Volume, cm³"),
    )
    note = translate(
        "Report",
        "Width is medial to lateral and depth front to back, along the patient's axes as the films were taken: of the"
        " femur's lowest 40 mm and the tibia's highest 15 mm. Surfaces carry no cartilage (about 2 mm). Published sizes"
        " of adults: {source}.",
    ).format(source=PUBLISHED_SOURCE)
    table = Table((2, 1.3, 1.3, 1.6, 1.3), tuple(rows), columns, frozenset({1, 2, 3, 4}))
    return [Heading(translate("Report", "Sizes of the bones")), table, Paragraph(note, Tone.QUIET)]


def _measurements(material: Material) -> list[Part]:
    planned = material.document.planned
    if planned is None or not planned.measurements:
        return []
    redact = _own_words(material)
    rows = tuple((one_line(redact(one.name), 120), measured(one)) for one in planned.measurements)
    columns = translate("Report", "Measurement"), translate("Report", "Value")
    parts: list[Part] = [Heading(translate("Report", "Measurements")), Table((3, 1), rows, columns, frozenset({1}))]
    if step_state(material.document, Step.PLAN) is StepState.STALE:
        parts.append(Paragraph(translate("Report", "Measured on an earlier knee of this case."), Tone.WARNING))
    return parts


def _own_words(material: Material) -> Callable[[str], str]:
    """What keeps the patient's name out of what the planner wrote; without the films nobody knows that name."""
    if material.pair is None:
        return lambda _text: translate("Report", "(left out, since the films could not be read)")
    return without_people(material.document, material.knee.report, material.pair)


def measured(measurement: Measurement) -> str:
    """A distance in mm between two points, or an angle in degrees at the second of three."""
    points = np.array(measurement.points_mm, np.float64)
    if len(points) == 2:
        return f"{number_words(float(np.linalg.norm(points[1] - points[0])), 1)} mm"
    arms = points[0] - points[1], points[2] - points[1]
    turn = np.arctan2(np.linalg.norm(np.cross(*arms)), np.dot(*arms))
    return f"{number_words(np.degrees(turn), 1)}°"


def _remark(material: Material) -> list[Part]:
    reviewed = material.document.reviewed
    if reviewed is None or not reviewed.remark.strip():
        return []
    text = _own_words(material)(reviewed.remark)
    return [Heading(translate("Report", "Remark of the reviewer")), Paragraph(one_line(text, 2000))]


def _calibration(material: Material) -> list[Part]:
    return [] if material.document.checked is None else calibration(material.document.checked)


def _origin(material: Material) -> list[Part]:
    report = material.knee.report
    model, sampler, backend = (report.get(name, {}) for name in ("model", "sampler", "backend"))
    sampling = translate("Report", "{name}, {steps} steps, {samples} sample(s)").format(
        name=sampler.get("name", "?"), steps=sampler.get("steps", "?"), samples=sampler.get("samples", "?")
    )
    rows = (
        (translate("Report", "Model"), _model_words(model)),
        (translate("Report", "Model SHA-256"), str(model.get("sha256", "?"))),
        (translate("Report", "Sampler"), sampling),
        (translate("Report", "Seed"), str(sampler.get("seed", "?"))),
        (translate("Report", "Device"), f"{backend.get('device', '?')}, {backend.get('precision', '?')}"),
        (translate("Report", "Generated by"), f"Genu {report.get('genu', '?')}"),
        *_film_hashes(report.get("inputs", ())),
    )
    return [Heading(translate("Report", "How it was made")), Table((1, 3.2), tuple(map(_texts, rows)))]


def _film_hashes(films: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    views = {view.value: view_name(view) for view in View}
    words = translate("Report", "{view} film SHA-256")
    return [(words.format(view=views.get(film.get("view", ""), "?")), str(film.get("sha256", "?"))) for film in films]


def _files(material: Material) -> list[Part]:
    rows = tuple((file.name, FORMATS[file.format].unit, file.sha256) for file in material.files)
    columns = translate("Report", "File"), translate("Report", "Unit"), translate("Report", "SHA-256")
    frames = [f"{name.upper()}: {FORMATS[name].frame}." for name in dict.fromkeys(one.format for one in material.files)]
    note = translate("Report", "Every file was read back from the disk and is equal to the screen within float32.")
    heading = Heading(translate("Report", "Exported files"))
    quiet = Paragraph("\n".join([note, *frames]), Tone.QUIET)
    return [heading, Table((1.25, 0.2, 3.0), rows, columns, small=True), quiet] if rows else []


_SECTIONS: tuple[Callable[[Material], list[Part]], ...] = (
    _cautions,
    _films,
    _bones,
    _dimensions,
    _measurements,
    _remark,
    _planes,
    _calibration,
    _origin,
    _files,
)


def _legend(meshes: Sequence[BoneMesh]) -> Legend:
    return Legend(tuple((BONE_COLOURS[mesh.bone], bone_name(mesh.bone)) for mesh in meshes))


def _model_words(model: object) -> str:
    known = model if isinstance(model, dict) else {}
    return f"{known.get('id', '?')} {known.get('version', '')}".strip()


def _texts(row: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one_line(text) for text in row)
