"""Surfaces from class probabilities, judged by manifold3d, trimesh and pymeshlab."""

from itertools import combinations

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from manifold3d import Error, Manifold, Mesh64
from scipy import ndimage

from engine.domain import Bone, BoneMesh, Side
from engine.geometry.model_frame import model_from_ijk
from engine.progress import Progress
from engine.surface import bone_surfaces, extract_bones, missing_bone_warnings, missing_bones
from tests.phantoms import ball, box, centroid, chirality, knee_field, partial_volume, shaft, softmax_field, union

SPACING_MM = 1.25
COUNT = 48
AFFINE = np.diag([SPACING_MM, SPACING_MM, SPACING_MM, 1.0])
AFFINE[:3, 3] = -SPACING_MM * (COUNT - 1) / 2
BORDER_MM = SPACING_MM * COUNT / 2


def femur_of(distance, samples=64):
    share = partial_volume(distance, AFFINE, (COUNT, COUNT, COUNT), samples)
    (mesh,) = extract_bones(softmax_field({Bone.FEMUR: share}), AFFINE, Side.RIGHT)
    return mesh


def solid(mesh: BoneMesh) -> Manifold:
    return Manifold(Mesh64(vert_properties=mesh.vertices_mm.copy(), tri_verts=mesh.faces.astype(np.uint64)))


def genus(mesh: BoneMesh) -> int:
    return solid(mesh).genus()


def assert_sound(mesh: BoneMesh) -> None:
    """Closed, outward, one component without cavities, for two judges that know nothing of Genu."""
    judged = trimesh.Trimesh(mesh.vertices_mm, mesh.faces, process=False)
    assert judged.is_volume
    assert judged.body_count == 1
    assert solid(mesh).status() == Error.NoError
    assert solid(mesh).volume() > 0


def self_intersections(mesh: BoneMesh) -> int:
    pymeshlab = pytest.importorskip("pymeshlab", reason="pymeshlab (GPL, a judge only) is not installed")
    judge = pymeshlab.MeshSet()
    judge.add_mesh(pymeshlab.Mesh(mesh.vertices_mm, mesh.faces))
    judge.compute_selection_by_self_intersections_per_face()
    return judge.current_mesh().selected_face_number()


def overlap_mm3(meshes) -> float:
    return sum((solid(a) ^ solid(b)).volume() for a, b in combinations(meshes, 2))


@pytest.mark.parametrize("radius_mm", [20.0, 25.0])
def test_that_a_sphere_keeps_its_volume_and_its_surface(radius_mm):
    centre = (0.31, -0.47, 0.2)
    mesh = femur_of(ball(centre, radius_mm), samples=256)
    assert mesh.volume_mm3 == pytest.approx(4 / 3 * np.pi * radius_mm**3, rel=0.005)
    assert np.abs(np.linalg.norm(mesh.vertices_mm - centre, axis=1) - radius_mm).max() < 0.1
    middles = mesh.vertices_mm[mesh.faces].mean(axis=1)
    assert np.abs(np.linalg.norm(middles - centre, axis=1) - radius_mm).max() < 0.1
    assert centroid(mesh) == pytest.approx(centre, abs=0.02)


def test_that_flat_sides_lie_where_the_box_has_them_off_the_grid():
    low, high = (-11.3, -9.9, -14.2), (12.1, 8.4, 10.0)
    vertices = femur_of(box(low, high)).vertices_mm
    for axis in range(3):
        beside = np.delete(np.arange(3), axis)
        middle = (np.abs(vertices[:, beside] - np.mean([low, high], axis=0)[beside]) < 5).all(axis=1)
        assert vertices[middle, axis].min() == pytest.approx(low[axis], abs=0.1)
        assert vertices[middle, axis].max() == pytest.approx(high[axis], abs=0.1)


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("end", [-1, 1])
def test_that_a_bone_ends_flat_exactly_at_the_border_of_the_field_of_view(axis, end):
    turned = shaft(1.0, -2.0, 9.0, 0, 200) if end > 0 else shaft(1.0, -2.0, 9.0, -200, 0)
    mesh = femur_of(lambda p: turned(np.roll(p, 2 - axis, axis=-1)))
    extreme = end * (end * mesh.vertices_mm[:, axis]).max()
    assert extreme == pytest.approx(end * BORDER_MM, abs=1e-9)
    corners = mesh.vertices_mm[mesh.faces]
    cap = corners[(corners[:, :, axis] == extreme).all(axis=1)]
    normals = np.cross(cap[:, 1] - cap[:, 0], cap[:, 2] - cap[:, 0])
    assert (normals[:, axis] * end > 0).all()
    assert np.linalg.norm(normals, axis=1).sum() / 2 == pytest.approx(np.pi * 81, rel=0.01)
    assert mesh.volume_mm3 == pytest.approx(np.pi * 81 * BORDER_MM, rel=0.015)
    assert_sound(mesh)
    assert self_intersections(mesh) == 0


def test_that_a_bone_that_fills_the_field_of_view_is_the_cube_of_it():
    field = np.zeros((5, 8, 8, 8), np.float32)
    field[Bone.TIBIA] = 1
    (mesh,) = extract_bones(field, model_from_ijk(8), Side.LEFT)
    assert mesh.volume_mm3 == pytest.approx(160.0**3)
    assert np.abs(mesh.vertices_mm).max(axis=0) == pytest.approx([80.0, 80.0, 80.0])
    assert_sound(mesh)


@pytest.mark.parametrize("side", Side)
def test_that_a_knee_keeps_its_side_through_field_and_surface(side):
    meshes = extract_bones(*knee_field(64, side), side)
    assert [mesh.bone for mesh in meshes] == list(Bone)
    assert {mesh.side for mesh in meshes} == {side}
    assert chirality(meshes) == (1 if side is Side.RIGHT else -1)


def test_that_a_mirrored_knee_is_found_out():
    field, affine = knee_field(64, Side.RIGHT)
    mirrored = extract_bones(field[:, ::-1], affine, Side.RIGHT)
    for mesh in mirrored:
        assert_sound(mesh)
    assert chirality(mirrored) == -1


def test_that_an_affine_that_mirrors_the_grid_keeps_place_and_winding():
    field, affine = knee_field(32, Side.RIGHT)
    turned = affine.copy()
    turned[0] *= -1
    straight, mirrored = extract_bones(field, affine, Side.RIGHT), extract_bones(field[:, ::-1], turned, Side.RIGHT)
    for one, other in zip(straight, mirrored, strict=True):
        assert other.volume_mm3 == pytest.approx(one.volume_mm3, rel=1e-3)
        assert centroid(other) == pytest.approx(centroid(one), abs=5e-2)


def test_that_every_bone_of_the_knee_is_sound_and_none_overlaps():
    meshes = extract_bones(*knee_field(96, Side.LEFT), Side.LEFT)
    for mesh in meshes:
        assert_sound(mesh)
        assert genus(mesh) == 0
        assert self_intersections(mesh) == 0
    assert overlap_mm3(meshes) == 0
    by_bone = {mesh.bone: mesh for mesh in meshes}
    assert by_bone[Bone.FEMUR].vertices_mm[:, 2].max() == 80.0
    assert by_bone[Bone.TIBIA].vertices_mm[:, 2].min() == -80.0
    assert by_bone[Bone.FIBULA].vertices_mm[:, 2].min() == -80.0


def test_that_bones_in_full_contact_do_not_touch():
    upper, lower = (box((-15, -15, low), (15, 15, high)) for low, high in ((0.3, 20), (-20, 0.3)))
    shares = {
        bone: partial_volume(part, AFFINE, (COUNT, COUNT, COUNT))
        for bone, part in ((Bone.FEMUR, upper), (Bone.TIBIA, lower))
    }
    femur, tibia = extract_bones(softmax_field(shares), AFFINE, Side.RIGHT)
    gap = femur.vertices_mm[:, 2].min() - tibia.vertices_mm[:, 2].max()
    assert 0 < gap < 0.1
    assert overlap_mm3((femur, tibia)) == 0


def test_that_specks_and_cavities_disappear():
    hollow = femur_of(lambda p: np.maximum(ball((0, 0, 0), 18)(p), -ball((2, 0, 0), 7)(p)))
    assert hollow.volume_mm3 == pytest.approx(4 / 3 * np.pi * 18**3, rel=0.005)
    speckled = femur_of(union(ball((-8, 0, 0), 14), ball((20, 16, 16), 4)))
    assert speckled.vertices_mm.max(axis=0)[0] < 7
    for mesh in (hollow, speckled):
        assert_sound(mesh)


def test_that_a_narrow_tunnel_is_closed_and_a_wide_one_stays():
    def ring(radius):
        return femur_of(lambda p: np.maximum(box((-15, -15, -15), (15, 15, 15))(p), -shaft(2, 1, radius, -99, 99)(p)))

    assert genus(ring(2.5)) == 0
    assert genus(ring(9.0)) == 1
    assert_sound(ring(2.5))


def test_that_a_bone_the_field_does_not_hold_is_left_out_and_named():
    field, affine = knee_field(32, Side.RIGHT, bones=(Bone.FEMUR, Bone.TIBIA))
    field[Bone.FIBULA, 3, 3, 3], field[0, 3, 3, 3] = 0.9, 0.1
    meshes = extract_bones(field, affine, Side.RIGHT)
    assert missing_bones(meshes) == (Bone.PATELLA, Bone.FIBULA)
    assert missing_bone_warnings(meshes) == (
        "the generated volume holds no patella",
        "the generated volume holds no fibula",
    )


def test_that_an_empty_field_has_no_bone():
    field = np.zeros((5, 16, 16, 16), np.float32)
    field[0] = 1
    assert extract_bones(field, model_from_ijk(16), Side.RIGHT) == ()


@pytest.mark.parametrize("field", [np.zeros((4, 8, 8, 8)), np.zeros((8, 8, 8)), np.full((5, 8, 8, 8), np.nan)])
def test_that_a_field_of_another_kind_is_refused(field):
    with pytest.raises(ValueError, match="probabilities"):
        extract_bones(field, model_from_ijk(8), Side.RIGHT)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), blur=st.floats(0.0, 2.5), noise=st.floats(0.1, 6.0))
def test_that_surfaces_of_any_noise_are_sound_and_apart(seed, blur, noise):
    rng = np.random.default_rng(seed)
    field, affine = _KNEE_32
    logits = 4 * np.log(field + 0.02) + noise * ndimage.gaussian_filter(rng.normal(size=field.shape), (0, *[blur] * 3))
    field = np.exp(logits - logits.max(axis=0))
    meshes = extract_bones((field / field.sum(axis=0)).astype(np.float32), affine, Side.LEFT)
    for mesh in meshes:
        assert_sound(mesh)
        assert self_intersections(mesh) == 0
    assert overlap_mm3(meshes) == 0


_KNEE_32 = knee_field(32, Side.LEFT)


def test_that_the_same_field_gives_the_same_bytes():
    one, other = (extract_bones(*_KNEE_32, Side.LEFT) for _ in range(2))
    for first, second in zip(one, other, strict=True):
        assert first.vertices_mm.tobytes() == second.vertices_mm.tobytes()
        assert first.faces.tobytes() == second.faces.tobytes()


def test_that_the_job_tells_of_every_bone_and_keeps_the_sources():
    job = bone_surfaces(*_KNEE_32, Side.LEFT, sources=("ab" * 32,))
    events = []
    try:
        while True:
            events.append(next(job))
    except StopIteration as end:
        meshes = end.value
    assert events == [Progress("surfaces", done, 4) for done in range(5)]
    assert {mesh.sources for mesh in meshes} == {("ab" * 32,)}
