"""The PDF report: what it says on which page, and that it stands alone."""

import io
from dataclasses import replace

import numpy as np
import pypdf
import pytest

from app.cases.document import FilmEntry, Measurement, Planned, Step, basis_of
from app.cases.knee import calibrated, load_knee
from app.desktop.report.content import Material, case_report, measured
from app.desktop.report.parts import Heading, Paragraph, PictureRow, Report, Table, Tone
from app.desktop.report.pdf import report_pdf
from app.desktop.report.pictures import bone_pictures, film_outlines, plane_pictures
from app.desktop.report.privacy import without_films, without_people
from app.desktop.report.raster import outlines, visible_faces
from engine.domain import Bone, Identity, Side, Volume
from export.manifest import MeshFile
from export.read_back import BoneCheck
from tests.generated_knee import phantom_meshes
from tests.phantoms import cube_mesh

BANNER = "Research use only - synthetic CT"
CHECK = BoneCheck(Bone.FEMUR, 8, 12, 0.0, 1000.0, (0.0, 0.0, 0.0))


@pytest.fixture
def case(reviewed_case):
    document = reviewed_case.document
    lengths = (
        Measurement("<b>Width</b>", ((0.0, 0.0, 0.0), (3.0, 4.0, 0.0))),
        Measurement("Angle", ((1.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 2.0, 0.0))),
    )
    reviewed_case.save(replace(document, planned=Planned(basis_of(document, Step.PLAN), lengths)), "Plan")
    return reviewed_case


@pytest.fixture
def material(case):
    knee = load_knee(case, case.document)
    file = MeshFile("k_right_femur.stl", "stl", "fe" * 32, 684, (CHECK,))
    return Material(case.document, knee, knee.meshes, calibrated(case, case.document), (file,), "2026-01-02 03:04")


def pages(report: Report) -> list[str]:
    """Text of each page; Inter's space comes out of a PDF as a tab."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(report_pdf(report))).pages]


def test_that_it_says_everything_that_a_reader_needs(material):
    text = " ".join(pages(case_report(material)))
    for words in (
        "Right knee from two radiographs",
        f"Case {material.document.id}, exported 2026-01-02 03:04",
        "AP: similarity 0.61 (agrees)",
        "Lateral: similarity 0.42 (look closely)",
        "Femur",
        "Length in view, mm",
        "<b>Width</b>",
        "5.0 mm",
        "90.0°",
        "Fits well",
        "ImagerPixelSpacing (0018,1164)",
        "phantom 1.2.3",
        "cc" * 32,
        "4711",
        "AP film: is an unprocessed film (FOR PROCESSING)",
        "k_right_femur.stl",
        "no cartilage",
    ):
        assert words in text, words


def test_that_banner_and_number_stand_on_every_page(material):
    found = pages(case_report(material))
    assert len(found) > 1
    for number, text in enumerate(found, 1):
        assert BANNER in text
        assert f"Page {number} of {len(found)}" in text


def test_that_it_stands_alone_without_films_or_their_outlines(material):
    without = " ".join(pages(case_report(replace(material, pair=None))))
    assert "The films could not be read again." in without
    assert "Fits well" not in without  # nobody can tell whether it names the patient
    silent = case_report(replace(material, with_films=False))
    assert "Films with" not in " ".join(pages(silent))


def test_that_a_film_with_burnt_in_text_is_left_out(material):
    film = replace(material.pair.pair.ap, warnings=("ap.dcm: has burned-in text, which may name the patient",))
    pair = replace(material.pair, pair=replace(material.pair.pair, ap=film))
    report = case_report(replace(material, pair=pair))
    shown = next(part for part in report.parts if isinstance(part, PictureRow))
    assert [picture.caption for picture in shown.pictures] == ["Lateral: similarity 0.42 (look closely)"]
    assert "AP: left out, since text is burnt into it." in " ".join(pages(report))


def test_that_a_long_table_goes_on_with_its_headings_on_the_next_page():
    rows = tuple((f"row {n}", "x") for n in range(120))
    found = pages(Report("Title", "", "foot", (Heading("Long"), Table((1, 1), rows, ("Name", "Value")))))
    assert len(found) > 2
    for text in found:
        assert "Name" in text
    assert [text.count("row ") for text in found if text.count("row ") < 2] == []
    assert sum(text.count("row ") for text in found) == 120


def test_that_a_word_longer_than_a_line_is_broken_and_kept_whole():
    word = "0123456789abcdef" * 40
    text = pages(Report("Title", "", "", (Paragraph(word, Tone.WARNING),)))[0]
    assert word in text.replace(" ", "")


def test_that_markup_is_painted_as_it_is():
    markup = "<img src=x onerror=alert(1)> & <b>bold</b>"
    text = pages(Report(markup, markup, markup, (Heading(markup), Paragraph(markup))))[0]
    assert text.count("<b>bold</b>") == 5


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (((0, 0, 0), (3, 4, 0)), "5.0 mm"),
        (((1, 0, 0), (0, 0, 0), (0, 1, 0)), "90.0°"),
        (((1, 0, 0), (0, 0, 0), (-1, 1e-9, 0)), "180.0°"),
    ],
)
def test_that_a_measurement_is_a_length_or_an_angle(points, words):
    assert measured(Measurement("m", points)) == words


def test_that_films_and_people_are_replaced_in_free_text(material):
    identity = Identity(patient_name="Doe^Jane Ann", patient_id="4711", birth_date="19470815")
    films = {name: replace(getattr(material.pair.pair, name), identity=identity) for name in ("ap", "lateral")}
    pair = replace(material.pair, pair=replace(material.pair.pair, **films))
    document = replace(material.document, title="Knee of the mayor", films=(FilmEntry("00", "DOE_ap.dcm"),))
    redact = without_people(document, material.knee.report, pair)
    assert redact("DOE_ap.dcm: ap.dcm turned") == "film: AP film turned"
    assert redact("jane doe, 4711, born 19470815") == "[patient] [patient], [patient], born [patient]"
    assert without_films(document, material.knee.report, pair)("doe_AP.dcm of Doe") == "film of Doe"
    assert redact("Knee of the mayor, 47110 steps, Annex") == "[patient], 47110 steps, Annex"


# Pictures -----------------------------------------------------------------------------------------------------------


def test_that_the_nearer_of_two_triangles_is_seen():
    square = np.array([[[0, 0], [9, 0], [0, 9]], [[0, 0], [9, 0], [0, 9]]], float)
    assert set(np.unique(visible_faces(square, np.array([2.0, 1.0]), (10, 10)))) == {-1, 1}
    assert set(np.unique(visible_faces(square, np.array([1.0, 2.0]), (10, 10)))) == {-1, 0}


def test_that_a_triangle_covers_its_pixels_and_nothing_outside_the_picture():
    shown = visible_faces(np.array([[[-5, -5], [20, -5], [-5, 20]]], float), np.zeros(1), (6, 4))
    assert (shown == 0).all()
    corner = visible_faces(np.array([[[0, 0], [4, 0], [0, 4]]], float), np.zeros(1), (6, 6)) == 0
    assert np.array_equal(corner, np.add.outer(np.arange(6), np.arange(6)) <= 4)


def test_that_an_outline_runs_round_a_disc():
    rows, columns = np.indices((60, 60))
    (line,) = outlines((rows - 25) ** 2 + (columns - 33) ** 2 <= 15**2)
    distances = np.linalg.norm(line - np.array([33, 25]), axis=1)
    assert distances == pytest.approx(np.full(len(line), 15.0), abs=0.6)


def test_that_the_outline_on_a_film_is_where_the_camera_sees_the_bone(material):
    film, camera = material.pair.views[0]
    cube = cube_mesh(-20.0, 20.0)
    (line,) = film_outlines(cube, camera, film.pixels.shape)
    seen = camera.project(cube.vertices_mm)[:, ::-1]
    assert line.min(axis=0) == pytest.approx(seen.min(axis=0), abs=1.5)
    assert line.max(axis=0) == pytest.approx(seen.max(axis=0), abs=1.5)


@pytest.mark.parametrize("side", Side)
def test_that_the_bones_are_shown_from_their_own_sides(side):
    front, lateral, behind = bone_pictures(phantom_meshes(side), ("front", "lateral", "behind"), rows=160)
    assert (front.left, front.right, behind.left, behind.right) == ("R", "L", "L", "R")
    assert (lateral.left, lateral.right) == (("P", "A") if side is Side.RIGHT else ("A", "P"))
    red = [
        np.argwhere((p.rgb[..., 0] > 150) & (p.rgb[..., 1] < 130) & (p.rgb[..., 2] > 90))
        for p in (front, lateral, behind)
    ]
    assert len(red[0]) > 200  # the patella stands before the femur
    assert len(red[2]) < len(red[0]) / 4  # and mostly hidden from behind
    from_middle = np.median(red[1][:, 1]) - lateral.rgb.shape[1] / 2
    assert np.sign(from_middle) == (1 if side is Side.RIGHT else -1)


def test_that_planes_stand_upright_with_their_letters():
    hu = np.full((10, 20, 30), -1000, np.int16)
    hu[9, 10, 29] = 1300  # left, middle, top
    affine = np.diag([2.0, 2.0, 2.0, 1.0])
    hu[9, 10, 15] = 1300
    axial, coronal, sagittal = plane_pictures(Volume(hu, affine), ("a", "c", "s"))
    assert [picture.rgb.shape[:2] for picture in (axial, coronal, sagittal)] == [(20, 10), (30, 10), (30, 20)]
    assert (axial.left, axial.right, sagittal.left, sagittal.right) == ("R", "L", "A", "P")
    assert axial.rgb[10, 9, 0] == 255
    assert coronal.rgb[0, 9, 0] == 255
    mirrored = Volume(hu[::-1], np.diag([-2.0, 2.0, 2.0, 1.0]))
    assert np.array_equal(plane_pictures(mirrored, ("a", "c", "s"))[1].rgb[0, 9], [255, 255, 255])


def test_that_an_oblique_volume_has_no_planes():
    turn = np.eye(4)
    turn[:2, :2] = [[0.8, -0.6], [0.6, 0.8]]
    assert plane_pictures(Volume(np.zeros((4, 4, 4), np.int16), turn), ("a", "c", "s")) == []
