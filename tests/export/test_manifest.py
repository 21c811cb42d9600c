"""The manifest, the table of formats, and the comparison of what was read back with what is shown."""

import hashlib
import json

import numpy as np
import pytest

from engine.domain import Bone, BoneMesh, MachineFailure, RefusedInput, Side
from export.formats import FORMATS, files_of, format_named
from export.manifest import MeshFile, manifest_bytes, mesh_sha256, origin_of
from export.read_back import centre_mm, compare, side_of
from tests.generated_knee import knee_files, phantom_meshes
from tests.phantoms import centroid, chirality, cube_mesh


def other(mesh: BoneMesh, vertices=None, faces=None, bone=None, side=None) -> BoneMesh:
    return BoneMesh(
        mesh.vertices_mm if vertices is None else vertices,
        mesh.faces if faces is None else faces,
        bone or mesh.bone,
        side or mesh.side,
    )


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("side", Side)
def test_that_every_format_gives_back_what_the_screen_shows(name, side):
    for file_name, form, meshes in files_of(phantom_meshes(side), "k7", [name]):
        assert form == name
        data = FORMATS[name].write(meshes, "k7")
        read = FORMATS[name].read(data, file_name)
        for check, mesh in zip(compare(meshes, read, file_name), meshes, strict=True):
            assert check.faces == len(mesh.faces)
            assert check.vertices == len(mesh.vertices_mm)
            assert check.volume_mm3 == pytest.approx(mesh.volume_mm3, rel=1e-6)
            assert check.deviation_mm < 1e-5
            assert np.allclose(check.centre_mm, centroid(mesh), atol=1e-4)


def test_that_names_say_case_side_and_bone_or_knee():
    names = [name for name, _, _ in files_of(phantom_meshes(Side.LEFT)[:2], "k7", ["stl", "glb"])]
    assert names == ["k7_left_femur.stl", "k7_left_tibia.stl", "k7_left_knee.glb"]


def test_that_an_unknown_format_is_refused_with_the_choices():
    with pytest.raises(RefusedInput, match="stl, ply, obj, glb"):
        format_named("step")


@pytest.mark.parametrize("side", Side)
def test_that_the_bones_themselves_tell_their_side(side):
    meshes = phantom_meshes(side)
    assert side_of(meshes) is side
    assert chirality(meshes) == (1 if side is Side.RIGHT else -1)
    turned = np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))[0]
    turned *= np.sign(np.linalg.det(turned))
    assert side_of([other(mesh, mesh.vertices_mm @ turned.T + 40) for mesh in meshes]) is side
    assert side_of(meshes[:3]) is None


def test_that_a_flat_knee_tells_no_side():
    assert side_of([cube_mesh(bone=bone) for bone in Bone]) is None


def test_that_the_centre_of_a_cube_is_its_middle():
    assert np.allclose(centre_mm(cube_mesh(2.0, 10.0)), 6.0)


def mirrored(meshes):
    return [other(mesh, mesh.vertices_mm * (-1, 1, 1), mesh.faces[:, ::-1]) for mesh in meshes]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda meshes: meshes[:3], "other bones"),
        (lambda meshes: [other(meshes[0], side=Side.LEFT), *meshes[1:]], "other bones or another side"),
        (lambda meshes: [other(meshes[0], faces=meshes[0].faces[1:]), *meshes[1:]], "another number"),
        (
            lambda meshes: [other(meshes[0], meshes[0].vertices_mm + np.array((0, 0, 0.01))), *meshes[1:]],
            "up to 0.01 mm away",
        ),
        (lambda meshes: [other(meshes[0], meshes[0].vertices_mm * 1000), *meshes[1:]], "mm away"),
        (lambda meshes: [other(meshes[0], faces=meshes[0].faces[:, ::-1]), *meshes[1:]], "mm away"),
        (mirrored, "mm away"),
    ],
)
def test_that_anything_but_rounding_is_found(change, said):
    meshes = list(phantom_meshes(Side.RIGHT))
    with pytest.raises(MachineFailure, match=said) as failure:
        compare(meshes, change(meshes), "k7_right_knee.glb")
    assert "k7_right_knee.glb" in str(failure.value)


def test_that_the_manifest_binds_files_side_model_and_screen():
    meshes = phantom_meshes(Side.LEFT)[:1]
    data = FORMATS["ply"].write(meshes, "k7")
    checks = compare(meshes, FORMATS["ply"].read(data, "x"), "x")
    file = MeshFile("k7_left_femur.ply", "ply", hashlib.sha256(data).hexdigest(), len(data), checks)
    origin = origin_of(json.loads(knee_files(Side.LEFT)["report.json"]))
    text = manifest_bytes("k7", meshes, [file], {"r.pdf": b"%PDF"}, origin, "9.9", "2026-01-02T03:04:05+00:00")
    told = json.loads(text)
    assert (told["genu"], told["case"], told["side"], told["synthetic"]) == ("9.9", "k7", "left", True)
    assert told["generated"]["model"] == {"id": "phantom", "version": "1.2.3", "sha256": "cc" * 32}
    assert told["generated"]["films_sha256"] == {"AP": "aa" * 32, "LATERAL": "bb" * 32}
    assert told["papers"]["r.pdf"]["sha256"] == hashlib.sha256(b"%PDF").hexdigest()
    written = told["files"]["k7_left_femur.ply"]
    assert (written["unit"], written["side"], written["sha256"]) == ("mm", "left", file.sha256)
    assert "LPS" in written["frame"]
    assert written["bones"]["femur"]["triangles"] == len(meshes[0].faces)
    assert told["shown"]["femur"] == {"values_sha256": mesh_sha256(meshes[0]), "from_sha256": list(meshes[0].sources)}


def test_that_the_origin_leaves_out_names_of_files_and_people():
    report = json.loads(knee_files(Side.LEFT)["report.json"])
    report["inputs"][0]["file"] = "Canary_Zebedee_AP.dcm"
    report["patient"] = "Canary^Zebedee"
    report["warnings"] = ["Canary_Zebedee_AP.dcm: is odd"]
    assert "canary" not in json.dumps(origin_of(report)).lower()


def test_that_the_hash_of_a_mesh_tells_side_bone_shape_and_order_apart():
    cube = cube_mesh()
    meshes = [
        cube,
        other(cube, side=Side.LEFT),
        other(cube, bone=Bone.TIBIA),
        other(cube, cube.vertices_mm * 1.001),
        other(cube, faces=cube.faces[::-1]),
    ]
    assert len({mesh_sha256(mesh) for mesh in meshes}) == len(meshes)
    assert mesh_sha256(cube) == mesh_sha256(cube_mesh())
