"""Planes: which voxel stands where, whatever way the file's axes run, and what mouse and keys do."""

from __future__ import annotations

import time
from itertools import permutations, product

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.desktop.film.window_presets import HuWindow, Preset, greys
from app.desktop.parts.picture_frame import PictureFrame
from app.desktop.planes.model import Mark, PlanesModel
from app.desktop.planes.outline import cuttable
from app.desktop.planes.reslice import Plane, Section, Slab, SlabMode, StandingVolume, section, standing
from app.desktop.planes.view import PlaneView
from engine.domain import Bone, RefusedInput, Side, Volume
from tests.generated_knee import phantom_meshes
from tests.phantoms import cube_mesh, knee_ct

SHAPE, SPACING = (12, 14, 16), (4.0, 3.0, 2.0)
# Of a patient: right, in front of the middle and high up. No flip and no exchange of axes leaves it where it is.
SPOT_MM = (-14.0, -7.5, 9.0)
LOW_MM = np.array([-22.0, -19.5, -15.0])


def upright() -> Volume:
    """Indices along L, P and S; HU names the voxel; a spot of 2000 HU."""
    hu = np.arange(np.prod(SHAPE), dtype=np.int16).reshape(SHAPE)
    lps_from_ijk = np.diag([*SPACING, 1.0])
    lps_from_ijk[:3, 3] = LOW_MM
    spot = tuple(np.rint((np.array(SPOT_MM) - LOW_MM) / SPACING).astype(int))
    hu[spot] = 5000
    return Volume(hu, lps_from_ijk)


def stored_as(volume: Volume, order: tuple[int, ...], flips: tuple[bool, ...]) -> Volume:
    """The same voxels at the same places, in another order of axes and directions."""
    hu, lps_from_ijk = volume.hu.transpose(order), volume.lps_from_ijk[:, [*order, 3]].copy()
    for axis in np.flatnonzero(flips):
        lps_from_ijk[:3, 3] += lps_from_ijk[:3, axis] * (hu.shape[axis] - 1)
        lps_from_ijk[:3, axis] *= -1
        hu = np.flip(hu, int(axis))
    return Volume(np.ascontiguousarray(hu), lps_from_ijk)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_that_a_volume_stands_alike_whatever_way_its_file_runs(order):
    for flips in product((False, True), repeat=3):
        found = standing(stored_as(upright(), order, flips))
        assert np.array_equal(found.hu, upright().hu)
        assert np.allclose(found.origin_mm, LOW_MM)
        assert np.allclose(found.spacing_mm, SPACING)
        assert found.hu_at(SPOT_MM) == 5000


def test_that_an_oblique_volume_is_refused():
    turned = upright().lps_from_ijk.copy()
    turned[:3, :3] = [[0.9, -0.44, 0], [0.44, 0.9, 0], [0, 0, 1]]
    with pytest.raises(RefusedInput, match="oblique"):
        standing(Volume(upright().hu, turned))


def place_of_spot(plane: Plane) -> tuple[float, float]:
    """Shares of the way from left to right and from top to bottom at which the spot is seen."""
    shown = section(
        standing(stored_as(upright(), (2, 0, 1), (True, False, True))), plane, SPOT_MM[plane.normal], Slab()
    )
    (row,), (column,) = np.nonzero(shown.hu == 5000)
    u, v, width, height = shown.box_mm
    where = plane.page(SPOT_MM) - (u, v)
    rows, columns = shown.hu.shape
    assert where == pytest.approx(((column + 0.5) * width / columns, (row + 0.5) * height / rows))
    return column / columns, row / rows


def test_that_the_patients_right_is_on_the_viewers_left():
    for plane in (Plane.AXIAL, Plane.CORONAL):
        across, _ = place_of_spot(plane)
        assert across < 0.4
        assert plane.letters[:2] == ("R", "L")


def test_that_the_front_is_up_in_axial_and_left_in_sagittal_planes_and_the_head_is_up_in_the_others():
    assert place_of_spot(Plane.AXIAL)[1] < 0.5
    assert place_of_spot(Plane.SAGITTAL)[0] < 0.5
    assert place_of_spot(Plane.CORONAL)[1] < 0.4
    assert place_of_spot(Plane.SAGITTAL)[1] < 0.4
    assert Plane.AXIAL.letters == ("R", "L", "A", "P")
    assert Plane.SAGITTAL.letters == ("A", "P", "S", "I")


@pytest.mark.parametrize("plane", Plane)
def test_that_page_and_patient_are_each_others_inverse(plane: Plane):
    u, v = plane.page(SPOT_MM)
    assert plane.lps(float(u), float(v), SPOT_MM[plane.normal]) == pytest.approx(SPOT_MM)


@pytest.mark.parametrize("plane", Plane)
def test_that_a_slab_shows_mean_and_maximum_of_its_layers(plane: Plane):
    volume = standing(upright())
    axis, step = plane.normal, SPACING[plane.normal]
    middle = float(volume.origin_mm[axis] + 6 * step)
    layers = np.moveaxis(volume.hu, axis, 2)[:, :, 5:8].astype(float)
    mean = section(volume, plane, middle, Slab(3 * step, SlabMode.MEAN)).hu
    maximum = section(volume, plane, middle, Slab(3 * step, SlabMode.MAXIMUM)).hu
    assert sorted(mean.ravel()) == sorted(np.rint(layers.mean(axis=2)).ravel())
    assert sorted(maximum.ravel()) == sorted(layers.max(axis=2).ravel())
    assert np.array_equal(section(volume, plane, middle, Slab(step)).hu, section(volume, plane, middle, Slab()).hu)


@pytest.mark.parametrize("plane", Plane)
def test_that_a_slab_beyond_the_edge_keeps_the_layers_there_are(plane: Plane):
    volume = standing(upright())
    assert section(volume, plane, -1e4, Slab(5)).hu.shape == section(volume, plane, 0.0, Slab()).hu.shape
    assert section(volume, plane, 1e4, Slab()).hu.max() > 0


def test_that_a_window_maps_its_ends_to_black_and_white():
    hu = np.array([[-32768, -500, 500, 1500, 32767]], np.int16)
    assert greys(hu, Preset.BONE.value).tolist() == [[0, 0, 128, 255, 255]]
    assert greys(hu[:, ::-1], Preset.BONE.value).tolist() == [[255, 255, 128, 0, 0]]


def test_that_a_window_stays_in_its_range():
    window = HuWindow(0, 100).dragged(-1e9, 1e9)
    assert (window.level, window.width) == (3500.0, 1.0)


def test_that_a_zoom_keeps_the_point_under_the_mouse():
    frame = PictureFrame((-80, -80, 160, 160), (400, 300)).panned(13, -5)
    before = frame.to_picture(311, 47)
    assert frame.zoomed(3.7, 311, 47).to_picture(311, 47) == pytest.approx(before)
    assert frame.to_widget(*before) == pytest.approx((311, 47))
    assert frame.fitted().to_picture(200, 150) == pytest.approx((0, 0))


@pytest.mark.parametrize("axis", range(3))
def test_that_a_cube_is_cut_in_a_square(axis: int):
    segments = cuttable(cube_mesh(-5.0, 5.0)).cut(axis, 1.0)
    assert np.linalg.norm(segments[:, 1] - segments[:, 0], axis=1).sum() == pytest.approx(40.0)
    assert np.allclose(segments[:, :, axis], 1.0)
    assert len(cuttable(cube_mesh(-5.0, 5.0)).cut(axis, 7.0)) == 0


# The widget ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def model(qapp) -> PlanesModel:
    model = PlanesModel()
    model.update(
        volume=standing(knee_ct(32, Side.LEFT)), bones={m.bone: cuttable(m) for m in phantom_meshes(Side.LEFT)}
    )
    return model


@pytest.fixture(params=list(Plane))
def view(request, model, qtbot) -> PlaneView:
    view = PlaneView(request.param, model)
    qtbot.addWidget(view)
    view.resize(300, 280)
    view.show()
    qtbot.waitExposed(view)
    view.grab()
    return view


def scroll(view: PlaneView, notches: float, keys=Qt.KeyboardModifier.NoModifier) -> None:
    at = QPointF(view.rect().center())
    event = QWheelEvent(
        at,
        view.mapToGlobal(at),
        QPoint(),
        QPoint(0, int(120 * notches)),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def test_that_a_click_carries_the_crosshair_there_and_leaves_the_plane_where_it_is(view, model):
    depth = view.position_mm
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 90))
    point = model.state.crosshair_mm
    assert point[view.plane.normal] == depth
    place = view.place_of(point)
    assert (place.x(), place.y()) == pytest.approx((100, 90), abs=0.01)


def test_that_the_wheel_scrolls_by_layers_and_half_notches_add_up(view, model):
    axis, step = view.plane.normal, float(model.state.volume.spacing_mm[view.plane.normal])
    before = model.state.crosshair_mm[axis]
    scroll(view, 2)
    assert model.state.crosshair_mm[axis] == pytest.approx(before + 2 * step)
    scroll(view, -0.5)
    scroll(view, -0.5)
    assert model.state.crosshair_mm[axis] == pytest.approx(before + step)
    scroll(view, 1000)
    assert model.state.crosshair_mm[axis] == pytest.approx(model.state.volume.clamped((1e3,) * 3)[axis])


def test_that_ctrl_and_wheel_zoom_and_0_fits_again(view):
    fitted = view.frame
    scroll(view, 3, Qt.KeyboardModifier.ControlModifier)
    assert view.frame.zoom > 1.4
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.frame == fitted


def drag(view: PlaneView, button: Qt.MouseButton, by: QPoint, keys=Qt.KeyboardModifier.NoModifier) -> None:
    start = QPoint(140, 130)
    QTest.mousePress(view, button, keys, start)
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    at = QPointF(start + by)
    event = QMouseEvent(QEvent.Type.MouseMove, at, view.mapToGlobal(at), Qt.MouseButton.NoButton, button, keys)
    QApplication.sendEvent(view, event)
    QTest.mouseRelease(view, button, keys, start + by)


def test_that_the_right_button_sets_level_and_width(view, model):
    drag(view, Qt.MouseButton.RightButton, QPoint(10, -5))
    assert (model.state.window.level, model.state.window.width) == (400.0, 2200.0)


def test_that_the_middle_button_moves_the_picture_and_not_the_crosshair(view, model):
    before = model.state.crosshair_mm
    drag(view, Qt.MouseButton.MiddleButton, QPoint(21, -9))
    assert view.frame.shift == (21.0, -9.0)
    assert model.state.crosshair_mm == before


def test_that_everything_of_the_mouse_has_a_key(view, model):
    axis, step = view.plane.normal, float(model.state.volume.spacing_mm[0])
    start = model.state.crosshair_mm
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert model.state.crosshair_mm[axis] == pytest.approx(start[axis] + step)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Down)
    moved = view.plane.page(model.state.crosshair_mm) - view.plane.page(start)
    assert moved == pytest.approx((step, step))
    for key, preset in ((Qt.Key.Key_2, Preset.SOFT_TISSUE), (Qt.Key.Key_3, Preset.FULL), (Qt.Key.Key_1, Preset.BONE)):
        QTest.keyClick(view, key)
        assert model.state.window == preset.value
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.frame.zoom > 1
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert view.frame.shift[0] == pytest.approx(20.0)


def test_that_a_click_while_picking_gives_the_point_and_leaves_the_crosshair(view, model, qtbot):
    model.update(picking=True)
    before = model.state.crosshair_mm
    with qtbot.waitSignal(view.picked) as picked:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(80, 200))
    assert picked.args == [view.point_at(QPointF(80, 200))]
    assert model.state.crosshair_mm == before
    with qtbot.waitSignal(view.picked) as picked:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert picked.args == [before]


def test_that_a_double_click_or_m_asks_for_the_view_alone(view, qtbot):
    with qtbot.waitSignal(view.maximised):
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    with qtbot.waitSignal(view.maximised):
        QTest.keyClick(view, Qt.Key.Key_M)


def test_that_voxels_are_painted_where_they_are(model, qtbot):
    """The spot of the asymmetric volume, in pixels of the widget."""
    model.update(volume=standing(upright()), bones={}, crosshair_mm=SPOT_MM, window=HuWindow(4999, 2))
    for plane in Plane:
        view = PlaneView(plane, model)
        qtbot.addWidget(view)
        view.resize(400, 380)
        view.grab()  # the first paint fits the picture in
        drawn = view.grab().toImage()
        place = view.place_of(SPOT_MM)
        assert drawn.pixelColor(round(place.x()) + 4, round(place.y()) + 4).value() > 120
        assert drawn.pixelColor(round(place.x()) + 40, round(place.y()) + 40).value() < 20


def test_that_the_bones_cut_is_drawn_in_their_colours_and_hidden_with_them(model, qtbot):
    view = PlaneView(Plane.AXIAL, model)
    qtbot.addWidget(view)
    view.resize(400, 380)
    model.update(crosshair_mm=(0.0, 0.0, 20.0), shown=frozenset({Bone.FEMUR}))
    view.grab()
    assert coloured(view) > 60
    model.update(shown=frozenset())
    assert coloured(view) == 0
    model.update(shown=frozenset(Bone), outlines=False)
    assert coloured(view) == 0


def coloured(view: PlaneView) -> int:
    """Pixels that are no grey."""
    image = view.grab().toImage().convertToFormat(view.grab().toImage().Format.Format_RGB32)
    pixels = np.array(image.constBits()).reshape(image.height(), image.width(), 4)[..., :3].astype(int)
    return int((np.ptp(pixels, axis=2) > 40).sum())


def test_that_marks_near_the_plane_and_far_from_it_are_painted(model, qtbot):
    view = PlaneView(Plane.CORONAL, model)
    qtbot.addWidget(view)
    view.resize(400, 380)
    model.update(outlines=False)
    view.grab()
    plain = view.grab().toImage()
    model.update(marks=(Mark(((0, 0, 0), (30, 0, 0)), "30.0 mm"), Mark(((0, 60, 9), (9, 60, 9)), "9.0 mm", True)))
    assert view.grab().toImage() != plain


def test_that_a_view_without_a_volume_is_black_and_does_nothing(qtbot):
    view = PlaneView(Plane.AXIAL, PlanesModel())
    qtbot.addWidget(view)
    view.resize(200, 200)
    scroll(view, 1)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert view.current_section() is None
    assert view.grab().toImage().pixelColor(100, 100).value() == 0


def large() -> StandingVolume:
    block = np.random.default_rng(0).integers(-1000, 2000, (512, 512, 64), dtype=np.int16)
    lps_from_ijk = np.diag([0.3125] * 3 + [1.0])
    lps_from_ijk[:3, 3] = -80
    return standing(Volume(np.tile(block, 8), lps_from_ijk))


@pytest.mark.alone
@pytest.mark.slow
def test_that_planes_of_512_voxels_scroll_at_thirty_frames_a_second(qtbot):
    """All three views are on screen, with outlines; the processor's time counts, not what others take of it."""
    model = PlanesModel()
    views = [PlaneView(plane, model) for plane in Plane]
    for view in views:
        qtbot.addWidget(view)
        view.resize(480, 480)
        view.show()
        qtbot.waitExposed(view)
    model.update(volume=large(), bones={m.bone: cuttable(m) for m in phantom_meshes(Side.RIGHT)})
    for axis in range(3):
        frames = []
        model.look_at((0.0, 0.0, 0.0))
        for _ in range(24):
            begun = time.thread_time()
            model.step(axis, 1)
            QApplication.processEvents()
            frames.append(time.thread_time() - begun)
        assert np.median(frames) < 1 / 30, f"axis {axis}: {1e3 * np.median(frames):.0f} ms a frame"


def test_that_a_section_says_how_large_it_is():
    shown = section(standing(upright()), Plane.AXIAL, 0.0, Slab())
    assert isinstance(shown, Section)
    assert shown.hu.shape == (14, 12)
    assert shown.box_mm == pytest.approx((-24.0, -21.0, 48.0, 42.0))
