"""The 3-D view: its camera, what it draws and where, by hand and by key, without holding up the window."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.cases.knee import Knee
from app.desktop.knee import renderer as knee_renderer
from app.desktop.knee.camera import StandardView, Viewpoint, fitted
from app.desktop.knee.scene import BoneLook, Clip, Scene, VolumeLook, nearest_hit
from app.desktop.knee.thread import RenderThread
from app.desktop.knee.view import KneeView
from app.desktop.planes.model import Mark, PlanesModel
from app.desktop.planes.reslice import standing
from app.desktop.theme.bones import BONE_COLOURS
from engine.domain import Bone, BoneMesh, Side
from tests.app.desktop.blocking import Watchdog
from tests.generated_knee import phantom_meshes
from tests.phantoms import cube_mesh, knee_ct, knee_labels

SIZE = (240, 200)
WAIT_MS = 60_000  # for a picture; a machine at work elsewhere is slow
VIEWPOINT = fitted((-40, -40, -80), (40, 40, 80), StandardView.ANTERIOR, SIZE)

# The camera ---------------------------------------------------------------------------------------------------------


def test_that_the_patients_right_is_on_the_viewers_left_from_the_front():
    (x, y, _), (higher_x, higher_y, _) = VIEWPOINT.project([(-10, 0, 0), (10, 0, 30)], SIZE)
    assert x < SIZE[0] / 2 < higher_x
    assert higher_y < y


@pytest.mark.parametrize("view", StandardView)
def test_that_a_standard_view_looks_from_its_side(view: StandardView):
    seen = fitted((-1, -1, -1), (1, 1, 1), view, SIZE)
    axis, sign = {"L": (0, 1), "R": (0, -1), "P": (1, 1), "A": (1, -1), "S": (2, 1), "I": (2, -1)}[view.letter]
    assert np.argmax(np.abs(seen.eye_mm)) == axis
    assert np.sign(seen.eye_mm[axis]) == sign
    assert np.allclose(seen.basis @ seen.basis.T, np.eye(3))
    assert np.linalg.det(seen.basis) == pytest.approx(1.0)  # a mirrored view would make a left knee of a right one


def test_that_from_above_and_below_the_front_is_up():
    for view in (StandardView.SUPERIOR, StandardView.INFERIOR):
        assert np.allclose(fitted((-1,) * 3, (1,) * 3, view, SIZE).basis[1], [0, -1, 0])


def test_that_a_ray_runs_through_what_is_drawn_there():
    point = np.array([12.0, -7.0, 33.0])
    seen = VIEWPOINT.turned(31, -12).nearer(1.7).moved(11, -6, SIZE[1])
    x, y, depth = seen.project([point], SIZE)[0]
    assert np.allclose(seen.eye_mm + seen.ray(x, y, SIZE) * depth, point)


def test_that_pulling_to_the_right_brings_what_is_in_front_to_the_right_and_back():
    front = [(0.0, -40.0, 0.0)]
    pulled = VIEWPOINT.turned(20, 0)
    assert pulled.project(front, SIZE)[0, 0] > SIZE[0] / 2 + 5
    assert VIEWPOINT.turned(0, 20).project(front, SIZE)[0, 1] > SIZE[1] / 2 + 5
    assert np.allclose(pulled.turned(-20, 0).basis, VIEWPOINT.basis)


def test_that_the_turntable_keeps_the_leg_upright_and_comes_round():
    turned = VIEWPOINT
    for _ in range(36):
        turned = turned.spun(10)
        assert np.allclose(turned.basis[1], [0, 0, 1])
    assert np.allclose(turned.basis, VIEWPOINT.basis)


def test_that_a_thousand_turns_leave_the_camera_a_rotation():
    turned = VIEWPOINT
    for step in range(1000):
        turned = turned.turned(7.3, 3.1 * (-1) ** step)
    assert np.allclose(turned.basis @ turned.basis.T, np.eye(3), atol=1e-12)


def test_that_the_nearest_surface_is_hit():
    near = BoneMesh(
        cube_mesh(-5, 5).vertices_mm + np.array([0.0, -30.0, 0.0]), cube_mesh().faces, Bone.PATELLA, Side.RIGHT
    )
    bone, point = nearest_hit((cube_mesh(-5, 5), near), VIEWPOINT.eye_mm, VIEWPOINT.ray(120, 100, SIZE))
    assert bone is Bone.PATELLA
    assert point == pytest.approx((0, -35, 0), abs=1e-6)
    assert nearest_hit((near,), VIEWPOINT.eye_mm, VIEWPOINT.ray(2, 2, SIZE)) is None


# The thread ---------------------------------------------------------------------------------------------------------


def test_that_of_wishes_for_one_thing_only_the_last_that_has_not_begun_is_done():
    thread, go, done = RenderThread(), threading.Event(), []
    thread.submit("hold", go.wait)
    for number in range(5):
        thread.submit("draw", lambda number=number: done.append(number))
    thread.submit("other", lambda: done.append("other"))
    assert thread.pending("draw")
    go.set()
    thread.close()
    assert done == [4, "other"]


def test_that_a_failing_call_does_not_end_the_thread():
    thread, done = RenderThread(), []
    thread.submit(1, lambda: 1 / 0)
    thread.submit(2, lambda: done.append(2))
    thread.close()
    assert done == [2]


# What is drawn ------------------------------------------------------------------------------------------------------


def phantom(side: Side = Side.RIGHT) -> Knee:
    return Knee(knee_ct(32, side), knee_labels(32, side), phantom_meshes(side), {})


@pytest.fixture
def view(qtbot):
    view = KneeView(PlanesModel())
    view.resize(*SIZE)
    knee = phantom()
    view.set_knee(knee, standing(knee.ct))
    qtbot.addWidget(view)
    yield view
    view.close_view()


@pytest.fixture
def drawn(view, qtbot) -> KneeView:
    view.show()
    settle(view, qtbot)
    return view


def settle(view: KneeView, qtbot) -> np.ndarray:
    """The still picture of the scene and viewpoint as they are, (rows, columns, 3)."""

    def there() -> bool:
        picture = view.picture
        return picture is not None and picture.still and picture.viewpoint is view.viewpoint

    qtbot.waitUntil(there, timeout=WAIT_MS)
    return view.picture.pixels[..., :3].astype(int)


def changed(view: KneeView, qtbot, scene: Scene) -> np.ndarray:
    """The still picture of another scene."""
    before = view.picture
    view.set_scene(scene)
    qtbot.waitUntil(lambda: view.picture is not before and view.picture.still, timeout=WAIT_MS)
    return view.picture.pixels[..., :3].astype(int)


def covered(pixels: np.ndarray, bone: Bone) -> np.ndarray:
    """Pixels with the hue of a bone, in any light."""
    colour = np.array([int(BONE_COLOURS[bone][n : n + 2], 16) for n in (1, 3, 5)], float)
    length = np.linalg.norm(pixels, axis=2)
    alike = (pixels @ colour) / np.maximum(length * np.linalg.norm(colour), 1e-9)
    return (alike > 0.992) & (length > 60)


def test_that_every_bone_is_drawn_where_the_camera_says(drawn, qtbot):
    pixels, seen_from = settle(drawn, qtbot), drawn.viewpoint
    height, width, _ = pixels.shape
    for mesh in phantom_meshes(Side.RIGHT):
        rows, columns = np.nonzero(covered(pixels, mesh.bone))
        assert len(rows) > 30, mesh.bone
        places = seen_from.project(mesh.vertices_mm, (width, height))
        assert columns.min() >= places[:, 0].min() - 2
        assert columns.max() <= places[:, 0].max() + 2
        assert rows.min() == pytest.approx(places[:, 1].min(), abs=12 if mesh.bone is Bone.TIBIA else 4)


def test_that_a_right_knee_has_its_fibula_on_the_viewers_left(drawn, qtbot):
    pixels = settle(drawn, qtbot)
    fibula, tibia = (np.nonzero(covered(pixels, bone))[1].mean() for bone in (Bone.FIBULA, Bone.TIBIA))
    assert fibula < tibia - 10


def test_that_a_hidden_bone_is_gone_and_a_pale_one_lets_others_through(drawn, qtbot):
    scene = drawn.scene.with_bone(Bone.PATELLA, BoneLook(BONE_COLOURS[Bone.PATELLA], visible=False))
    solid = changed(drawn, qtbot, scene)
    assert covered(solid, Bone.PATELLA).sum() < 5
    femur = covered(solid, Bone.FEMUR)
    assert femur.sum() > 200
    pale = changed(drawn, qtbot, scene.with_bone(Bone.FEMUR, BoneLook(BONE_COLOURS[Bone.FEMUR], opacity=0.3)))
    assert pale[femur].mean() < 0.6 * solid[femur].mean()


def test_that_the_clipping_plane_takes_one_side_away_and_then_the_other(drawn, qtbot):
    tibia = Bone.TIBIA
    lower = changed(drawn, qtbot, replace(drawn.scene, clip=Clip(2, 0.5)))
    assert covered(lower, tibia).sum() > 100
    assert covered(lower, Bone.FEMUR).sum() < 20
    upper = changed(drawn, qtbot, replace(drawn.scene, clip=Clip(2, 0.5, flipped=True)))
    assert covered(upper, tibia).sum() < 20
    assert covered(upper, Bone.FEMUR).sum() > 100


@pytest.mark.parametrize("look", [VolumeLook.BONE, VolumeLook.SOFT_TISSUE])
def test_that_the_volume_is_drawn_and_taken_away_again(drawn, qtbot, look: VolumeLook):
    nothing = drawn.scene
    for bone in Bone:
        nothing = nothing.with_bone(bone, BoneLook(BONE_COLOURS[bone], visible=False))
    empty = changed(drawn, qtbot, nothing)
    with_volume = changed(drawn, qtbot, replace(nothing, volume=look))
    assert (np.abs(with_volume - empty).max(axis=2) > 25).mean() > 0.05
    assert np.array_equal(changed(drawn, qtbot, nothing), empty)


def test_that_a_software_driver_gets_the_ray_caster_of_the_cpu(qapp):
    volume = standing(knee_ct(32, Side.RIGHT))
    renderer = knee_renderer.KneeRenderer()
    renderer.kind = knee_renderer.RendererKind("llvmpipe (LLVM 15)", True)
    assert type(renderer._mapper(volume)).__name__ == "vtkFixedPointVolumeRayCastMapper"
    renderer.kind = knee_renderer.RendererKind("NVIDIA H100", False)
    assert "GPU" in type(renderer._mapper(volume)).__name__
    renderer.close()


def test_that_the_shader_ray_caster_draws_the_volume_too(qapp):
    """The path of a graphics card, drawn here by whatever driver there is."""
    renderer = knee_renderer.KneeRenderer()
    renderer.kind = knee_renderer.RendererKind("a card", False)
    size = knee_renderer.FrameSize(60, 50)
    renderer.show((), standing(knee_ct(32, Side.RIGHT)))
    viewpoint = fitted((-80,) * 3, (80,) * 3, StandardView.ANTERIOR, (60, 50))
    empty, full = (renderer.draw(Scene(volume=look), viewpoint, size) for look in (VolumeLook.OFF, VolumeLook.BONE))
    renderer.close()
    assert (np.abs(full[..., :3].astype(int) - empty[..., :3]).max(axis=2) > 25).mean() > 0.05


def test_that_an_outdated_picture_is_given_up(qapp):
    outdated = []
    renderer = knee_renderer.KneeRenderer(lambda: bool(outdated))
    renderer.show((), standing(knee_ct(32, Side.RIGHT)))
    viewpoint = fitted((-80,) * 3, (80,) * 3, StandardView.ANTERIOR, SIZE)
    outdated.append(True)
    assert renderer.draw(Scene(volume=VolumeLook.BONE), viewpoint, knee_renderer.FrameSize(*SIZE)) is None
    outdated.clear()
    assert renderer.draw(Scene(volume=VolumeLook.BONE), viewpoint, knee_renderer.FrameSize(*SIZE)) is not None
    renderer.close()


# By hand ------------------------------------------------------------------------------------------------------------


def pull(view: KneeView, button: Qt.MouseButton, by: QPoint, keys=Qt.KeyboardModifier.NoModifier) -> None:
    start = QPoint(100, 100)
    QTest.mousePress(view, button, keys, start)
    at = QPointF(start + by)
    move = QMouseEvent(QMouseEvent.Type.MouseMove, at, view.mapToGlobal(at), Qt.MouseButton.NoButton, button, keys)
    QApplication.sendEvent(view, move)
    QTest.mouseRelease(view, button, keys, start + by)


def test_that_the_left_button_turns_the_middle_moves_and_the_right_zooms(drawn):
    before = drawn.viewpoint
    pull(drawn, Qt.MouseButton.LeftButton, QPoint(50, 0))
    assert drawn.viewpoint.basis[2] @ before.basis[2] == pytest.approx(np.cos(np.radians(20)))
    turned = drawn.viewpoint
    pull(drawn, Qt.MouseButton.MiddleButton, QPoint(30, 0))
    assert np.allclose(drawn.viewpoint.basis, turned.basis)
    assert (drawn.viewpoint.focal_mm - turned.focal_mm) @ turned.basis[0] < -1
    pull(drawn, Qt.MouseButton.RightButton, QPoint(0, -60))
    assert drawn.viewpoint.distance_mm < turned.distance_mm


def test_that_keys_turn_zoom_fit_and_choose_views(drawn):
    QTest.keyClick(drawn, Qt.Key.Key_L)
    assert np.allclose(drawn.viewpoint.basis[2], [1, 0, 0])
    whole = drawn.viewpoint.distance_mm
    QTest.keyClick(drawn, Qt.Key.Key_Right)
    assert not np.allclose(drawn.viewpoint.basis[2], [1, 0, 0])
    QTest.keyClick(drawn, Qt.Key.Key_Plus)
    assert drawn.viewpoint.distance_mm < whole
    basis = drawn.viewpoint.basis
    QTest.keyClick(drawn, Qt.Key.Key_0)
    assert drawn.viewpoint.distance_mm == pytest.approx(whole, rel=0.2)
    assert np.array_equal(drawn.viewpoint.basis, basis)


def test_that_a_moving_hand_gets_pictures_and_a_resting_one_a_still(drawn, qtbot):
    first = drawn.picture
    QTest.keyClick(drawn, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: drawn.picture is not first, timeout=WAIT_MS)
    pixels = settle(drawn, qtbot)
    assert pixels.shape[1::-1] == SIZE


def test_that_the_turntable_turns_until_told_otherwise_and_stops_when_hidden(drawn, qtbot):
    with qtbot.waitSignal(drawn.turning):
        QTest.keyClick(drawn, Qt.Key.Key_T)
    start = drawn.viewpoint.basis
    qtbot.waitUntil(lambda: not np.allclose(drawn.viewpoint.basis, start, atol=0.02), timeout=WAIT_MS)
    drawn.hide()
    assert not drawn.turntable


def test_that_a_click_on_a_bone_gives_its_point_while_picking_or_with_ctrl(drawn, qtbot):
    settle(drawn, qtbot)
    patella = next(mesh for mesh in phantom_meshes(Side.RIGHT) if mesh.bone is Bone.PATELLA)
    x, y, _ = drawn.viewpoint.project([patella.vertices_mm.mean(axis=0)], SIZE)[0]
    at = QPoint(round(x), round(y))
    with qtbot.waitSignal(drawn.picked) as picked:
        QTest.mouseClick(drawn, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, at)
    (point,) = picked.args
    assert np.linalg.norm(patella.vertices_mm - point, axis=1).min() < 4
    assert point[1] == pytest.approx(patella.vertices_mm[:, 1].min(), abs=3)  # its front
    with qtbot.assertNotEmitted(drawn.picked):
        QTest.mouseClick(drawn, Qt.MouseButton.LeftButton, pos=at)
        QTest.mouseClick(drawn, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, QPoint(3, 3))


def test_that_a_screenshot_is_a_png_of_what_is_seen(drawn, qtbot):
    settle(drawn, qtbot)
    drawn._model.update(marks=(Mark(((0, 0, 0), (20, 0, 0)), "20.0 mm", True),))
    png = drawn.screenshot_png()
    shot = QImage.fromData(png)
    assert png.startswith(b"\x89PNG")
    assert (shot.width(), shot.height()) == SIZE
    assert shot.convertToFormat(QImage.Format.Format_RGB32) != drawn._image.convertToFormat(QImage.Format.Format_RGB32)


def test_that_a_driver_that_fails_leaves_a_sentence_and_no_crash(view, qtbot, monkeypatch):
    def broken(*_arguments):
        raise RuntimeError("no context")

    monkeypatch.setattr(knee_renderer, "KneeRenderer", broken)
    view.show()
    qtbot.waitUntil(lambda: view._problem != "", timeout=WAIT_MS)
    view.look(StandardView.LEFT)
    assert "3-D view" in view._problem
    assert view.screenshot_png() == b""


def test_that_another_knee_and_none_are_shown(drawn, qtbot):
    left = phantom(Side.LEFT)
    drawn.set_knee(left, standing(left.ct))
    pixels = settle(drawn, qtbot)
    fibula, tibia = (np.nonzero(covered(pixels, bone))[1].mean() for bone in (Bone.FIBULA, Bone.TIBIA))
    assert fibula > tibia + 10
    drawn.set_knee(None, None)
    assert drawn.viewpoint is None
    assert drawn.screenshot_png() == b""


@pytest.mark.alone
def test_that_the_window_is_not_held_up_by_rendering(drawn, qtbot):
    """A volume and all bones, turned while they are drawn."""
    changed(drawn, qtbot, replace(drawn.scene, volume=VolumeLook.SOFT_TISSUE))
    with Watchdog() as watchdog:
        for _ in range(10):
            QTest.keyClick(drawn, Qt.Key.Key_Left)
            qtbot.wait(30)
        settle(drawn, qtbot)
    assert watchdog.longest_s < 0.1


def test_that_views_can_come_and_go_and_leave_no_thread(qtbot):
    knee = phantom()
    for _ in range(3):
        view = KneeView(PlanesModel())
        view.resize(80, 80)
        view.set_knee(knee, standing(knee.ct))
        view.show()
        settle(view, qtbot)
        view.close_view()
        view.close()
        view.deleteLater()
    assert "genu-render" not in {thread.name for thread in threading.enumerate()}


def test_that_a_viewpoint_is_never_inside_out():
    near = Viewpoint(VIEWPOINT.basis, VIEWPOINT.focal_mm, 50.0).nearer(1e9)
    assert near.distance_mm == 20.0
