"""LLP26 from its file and from its package: the same bones, closed, in place, and linear in the coefficients."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import KDTree

from engine.domain import Bone, MachineFailure, RefusedInput
from training.cohort import package as anatomy_package
from training.cohort import shape as anatomy
from training.cohort.shape import BoneShape, ShapeModel, draw, load_shape_model, rebuild_shape_model, shape_model

SURFACES = ("femur", "tibiafibula", "patella")
coefficients = st.lists(st.floats(-3, 3), min_size=26, max_size=26).map(np.array)


@pytest.fixture(scope="module")
def rebuilt() -> ShapeModel:
    try:
        distribution(anatomy_package.PACKAGE)
    except PackageNotFoundError:
        pytest.skip(f"needs the package {anatomy_package.PACKAGE} (extra train)")
    return rebuild_shape_model()


@pytest.fixture
def from_file(data_file) -> ShapeModel:
    return load_shape_model(data_file("anatomy/llp26.npz"))


def box(low: float, side: float, modes: np.ndarray) -> BoneShape:
    corners = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)]) * side + low
    faces = [[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1]]
    faces += [[2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]]
    return BoneShape(corners, np.array(faces), np.tile(modes[:, None], (1, 8, 1)))


def joined(one: BoneShape, two: BoneShape) -> BoneShape:
    faces = np.concatenate([one.faces, two.faces + len(one.mean)])
    return BoneShape(np.concatenate([one.mean, two.mean]), faces, np.concatenate([one.modes, two.modes], axis=1))


@pytest.fixture(scope="module")
def boxes() -> ShapeModel:
    """Boxes for bones; mode k moves everything by k + 1 mm along x."""
    modes = np.column_stack([np.arange(1, 27), np.zeros(26), np.zeros(26)])
    return ShapeModel(box(0, 10, modes), joined(box(60, 2, modes), box(20, 8, modes)), box(40, 3, modes))


def volume(vertices: np.ndarray, faces: np.ndarray) -> float:
    a, b, c = vertices.astype(float)[faces].swapaxes(0, 1)
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6)


@pytest.mark.parametrize("name", SURFACES)
def test_that_the_package_gives_the_means_and_modes_of_the_file(rebuilt: ShapeModel, from_file: ShapeModel, name: str):
    ours, theirs = rebuilt.surfaces[name], from_file.surfaces[name]
    distance, match = KDTree(theirs.mean).query(ours.mean)
    assert distance.max() < 1e-3
    assert sorted(match) == list(range(len(theirs.mean)))
    assert np.abs(ours.modes - theirs.modes[:, match]).max() < 1e-3
    assert volume(ours.mean, ours.faces) == pytest.approx(volume(theirs.mean, theirs.faces), rel=1e-4)


@pytest.mark.parametrize("bone", Bone)
def test_that_every_bone_is_closed_outward_and_of_one_piece(rebuilt: ShapeModel, bone: Bone):
    shape = rebuilt.bones[bone]
    edges = np.concatenate([shape.faces[:, [k, (k + 1) % 3]] for k in range(3)])
    directed = set(map(tuple, edges.tolist()))
    assert len(directed) == len(edges)
    assert {(b, a) for a, b in directed} == directed
    assert len(shape.mean) - len(edges) // 2 + len(shape.faces) == 2  # Euler: one sphere
    assert volume(shape.mean, shape.faces) > 0


def test_that_a_left_leg_stands_in_lps(rebuilt: ShapeModel):
    femur, tibia, patella, fibula = (rebuilt.bones[bone].mean for bone in Bone)
    assert femur[:, 2].mean() > tibia[:, 2].mean(), "the femur is above the tibia"
    assert patella[:, 1].mean() < femur[femur[:, 2] < femur[:, 2].min() + 40, 1].mean(), "the patella is in front"
    assert fibula[:, 0].mean() > tibia[:, 0].mean(), "the fibula of a left leg is to the left"
    assert fibula[:, 1].mean() > tibia[:, 1].mean(), "the fibula is behind"


@pytest.mark.parametrize("size", [-2, 0, 2])
def test_that_the_joint_stays_together_when_the_leg_grows(rebuilt: ShapeModel, size: float):
    drawn = draw(rebuilt, np.eye(26)[0] * size)
    gap = KDTree(drawn[Bone.FEMUR]).query(drawn[Bone.TIBIA])[0].min()
    assert 1 < gap < 8


def test_that_the_mean_is_at_zero(boxes: ShapeModel):
    drawn = draw(boxes, np.zeros(26))
    assert list(drawn) == list(Bone)
    for bone, vertices in drawn.items():
        np.testing.assert_array_equal(vertices, boxes.bones[bone].mean)


@given(first=coefficients, second=coefficients, share=st.floats(0, 1))
@settings(max_examples=25, deadline=None)
def test_that_drawing_is_linear(boxes: ShapeModel, first: np.ndarray, second: np.ndarray, share: float):
    both = draw(boxes, share * first + (1 - share) * second)
    one, two = draw(boxes, first), draw(boxes, second)
    for bone, vertices in both.items():
        np.testing.assert_allclose(vertices, share * one[bone] + (1 - share) * two[bone], atol=1e-9)


def test_that_one_deviation_of_a_mode_moves_every_bone_by_that_mode(boxes: ShapeModel):
    for bone, vertices in draw(boxes, np.eye(26)[4]).items():
        np.testing.assert_array_equal(vertices - boxes.bones[bone].mean, np.tile([5, 0, 0], (8, 1)))


def test_that_the_larger_piece_is_the_tibia_whatever_its_place_in_the_file(boxes: ShapeModel):
    assert volume(boxes.bones[Bone.TIBIA].mean, boxes.bones[Bone.TIBIA].faces) == pytest.approx(8**3)
    assert volume(boxes.bones[Bone.FIBULA].mean, boxes.bones[Bone.FIBULA].faces) == pytest.approx(2**3)


@pytest.mark.parametrize("wrong", [np.zeros(25), np.zeros((1, 26)), np.full(26, np.nan)])
def test_that_coefficients_other_than_26_finite_numbers_are_refused(boxes: ShapeModel, wrong: np.ndarray):
    with pytest.raises(ValueError, match="coefficients"):
        draw(boxes, wrong)


def test_that_the_cache_is_made_once_and_gives_the_same_model(boxes, tmp_path: Path, monkeypatch):
    made = iter([boxes])
    monkeypatch.setattr(anatomy, "rebuild_shape_model", lambda: next(made))
    shape_model(tmp_path / "new")
    again = shape_model(tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == [anatomy.CACHE_NAME]
    for name, shape in again.surfaces.items():
        np.testing.assert_array_equal(shape.mean, boxes.surfaces[name].mean)
        np.testing.assert_array_equal(shape.modes, boxes.surfaces[name].modes)
        np.testing.assert_array_equal(shape.faces, boxes.surfaces[name].faces)


def test_that_a_damaged_cache_is_rebuilt(boxes: ShapeModel, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(anatomy, "rebuild_shape_model", lambda: boxes)
    (tmp_path / anatomy.CACHE_NAME).write_bytes(b"PK\x03\x04 cut off")
    shape_model(tmp_path)
    load_shape_model(tmp_path / anatomy.CACHE_NAME)


def test_that_a_cache_folder_that_cannot_be_made_is_named(boxes: ShapeModel, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(anatomy, "rebuild_shape_model", lambda: boxes)
    (tmp_path / "file").write_text("")
    with pytest.raises(MachineFailure, match="file"):
        shape_model(tmp_path / "file")


@pytest.mark.parametrize("content", [None, b"", b"not a zip", b"PK\x03\x04"])
def test_that_a_file_that_is_no_shape_model_is_refused_by_name(tmp_path: Path, content: bytes | None):
    path = tmp_path / "other.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RefusedInput, match=r"other\.npz is not a shape model"):
        load_shape_model(path)


def test_that_arrays_of_another_model_are_refused(tmp_path: Path):
    np.savez(tmp_path / "other.npz", femur_mean=np.zeros((4, 3)), femur_faces=np.zeros((1, 3)), femur_modes=np.zeros(3))
    with pytest.raises(RefusedInput, match="modes has shape"):
        load_shape_model(tmp_path / "other.npz")


def test_that_an_npz_with_a_pickle_inside_is_refused(tmp_path: Path):
    np.savez(tmp_path / "other.npz", femur_mean=np.array([print], dtype=object))
    with pytest.raises(RefusedInput, match="not a shape model"):
        load_shape_model(tmp_path / "other.npz")
