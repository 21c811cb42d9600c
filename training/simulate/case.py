"""One training case: a knee, its model-frame targets, and what X-rays of both views would have to pass.

Films are stored as line integrals by structure, before any film is exposed: spectrum, scatter, curve and collimation
are drawn anew each time a case is shown (training/simulate/film.py). Poses differ between the views as they do in
clinics.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from engine.domain import Bone, Camera, LateralBeam
from engine.geometry.calibrate import view_rotation
from engine.geometry.model_frame import FIELD_OF_VIEW_MM, FILM_PIXEL_MM, FILM_PIXELS
from engine.geometry.projection import project_line_integrals
from training.cohort.knee import Surface, draw_pose, draw_shape, pose_knee, subdivided
from training.cohort.shape import ShapeModel
from training.cohort.tissue import SPACING_MM, VOXELS, SimulatedKnee, simulate_tissue

RENDERED_PIXELS = 192
MODEL_VOXELS = 128
# SID over SOD of every simulated film.
MAGNIFICATION = 1.1


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedCase:
    """One case as stored on disk.

    hu: (128, 128, 128) int16, right-knee model frame. occupancy: (4, 128, 128, 128) uint8, 255 is full.
    integrals: (2, 5, 192, 192) float16: AP and lateral; soft tissue, femur, tibia, patella, fibula; attenuation.
    camera_from_lps: (2, 4, 4) float32 and sod_mm: (2,) float32, as a user would state them (nominal angles).
    """

    hu: NDArray[np.int16]
    occupancy: NDArray[np.uint8]
    integrals: NDArray[np.float16]
    camera_from_lps: NDArray[np.float32]
    sod_mm: NDArray[np.float32]


def film_camera(view_from_lps: NDArray, sod_mm: float, pixels: int, lps_shift: NDArray | None = None) -> Camera:
    """The `placed_camera` that sees the isocentre in the middle of its film.

    view_from_lps: (3, 3) directions of columns, rows and beam. lps_shift: (3,) isocentre's displacement.
    """
    camera = np.eye(4)
    camera[:3, :3] = view_from_lps
    camera[2, 3] = sod_mm
    if lps_shift is not None:
        camera[:3, 3] -= camera[:3, :3] @ lps_shift
    return placed_camera(camera, sod_mm, pixels)


def placed_camera(camera_from_lps: NDArray, sod_mm: float, pixels: int) -> Camera:
    """The camera at (4, 4) `camera_from_lps`, mm, of a square film of the model's film size, `pixels` wide.

    Its SID is `MAGNIFICATION` times its SOD.
    """
    focal = sod_mm / (FILM_PIXEL_MM * FILM_PIXELS / pixels)
    middle = (pixels - 1) / 2
    intrinsics = np.array([[focal, 0, middle], [0, focal, middle], [0, 0, 1]])
    return Camera(camera_from_lps, intrinsics, MAGNIFICATION * sod_mm, sod_mm)


class KneeSource(Protocol):
    """Where knees come from: the cohort below, or a folder of CTs (training/prepare/ct_folder.py)."""

    def knees(self, seed: int) -> tuple[SimulatedKnee, SimulatedKnee]:
        """The knee of a seed as the AP film sees it, and as the lateral film does (often the same)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Cohort:
    """Knees drawn from a shape model. mean and modes: of the right leg, by bone, as `draw_shape` takes them."""

    mean: Mapping[Bone, Surface]
    modes: Mapping[Bone, NDArray]

    @classmethod
    def of(cls, model: ShapeModel) -> Cohort:
        """A left-leg shape model, mirrored to the right and refined once."""
        mirror = np.array([-1.0, 1.0, 1.0])
        mean, modes = {}, {}
        for bone, shape in model.bones.items():
            surface = Surface(shape.mean.astype(np.float64) * mirror, shape.faces[:, ::-1].astype(np.int64))
            mean[bone], modes[bone] = subdivided(surface, (shape.modes * mirror).astype(np.float32))
        return cls(mean, modes)

    def knees(self, seed: int) -> tuple[SimulatedKnee, SimulatedKnee]:
        """Drawn, posed and filled; in 15 % of the cases the lateral was taken with the knee bent further."""
        rng = np.random.default_rng([seed, 20261123])
        shape, pose = draw_shape(self.mean, self.modes, rng), draw_pose(rng)
        knee = replace(simulate_tissue(pose_knee(shape, pose), rng), flexion_deg=pose.flexion)
        if rng.random() >= 0.15:
            return knee, knee
        bent = replace(pose, flexion=pose.flexion + rng.uniform(5, 20))
        lateral = simulate_tissue(pose_knee(shape, bent), np.random.default_rng([seed, 1]))
        return knee, replace(lateral, flexion_deg=bent.flexion)


def simulate_case(source: KneeSource, seed: int) -> SimulatedCase:
    """Take one knee and project it; the same seed gives the same case."""
    return filmed_case(source.knees(seed), *case_cameras(seed))


def filmed_case(
    both: tuple[SimulatedKnee, SimulatedKnee], nominal: tuple[Camera, Camera], true: tuple[Camera, Camera]
) -> SimulatedCase:
    """The case of a knee as AP and lateral film see it. nominal: cameras as stated; true: where they stood."""
    knee = both[0]
    integrals = np.stack([_integrals(k, c) for k, c in zip(both, true, strict=True)])
    inside = model_crop()
    return SimulatedCase(
        np.round(knee.hu[inside]).astype(np.int16),
        np.round(knee.occupancy[:, *inside] * 255).astype(np.uint8),
        integrals.astype(np.float16),
        np.stack([c.camera_from_lps for c in nominal]).astype(np.float32),
        np.array([c.sod_mm for c in nominal], np.float32),
    )


def model_crop() -> tuple[slice, slice, slice]:
    """The model's field of view, (128, 128, 128), within the grid on which a knee is simulated."""
    margin = (VOXELS - MODEL_VOXELS) // 2
    assert MODEL_VOXELS * SPACING_MM == FIELD_OF_VIEW_MM
    part = slice(margin, margin + MODEL_VOXELS)
    return part, part, part


def case_cameras(seed: int) -> tuple[tuple[Camera, Camera], tuple[Camera, Camera]]:
    """Cameras of a seed's case, as stated and as they truly stood."""
    return draw_cameras(np.random.default_rng([seed, 2]))


def draw_cameras(rng: np.random.Generator) -> tuple[tuple[Camera, Camera], tuple[Camera, Camera]]:
    """Cameras of AP and lateral as stated, and as they truly stood.

    The truth differs from the statement by SID and SOD (±5 %) and, in half of the cases, the lateral by some degrees
    and millimetres: nobody lines up two films without error. Directions run as in engine.geometry.calibrate.
    """
    beam = LateralBeam.LATEROMEDIAL if rng.random() < 0.1 else LateralBeam.MEDIOLATERAL
    source_x = 1.0 if beam is LateralBeam.MEDIOLATERAL else -1.0
    views = (view_rotation((0, -1, 0), "L"), view_rotation((source_x, 0, 0), "A"))
    nominal, true = [], []
    off = rng.random() < 0.5
    for n, rotation in enumerate(views):
        sod = rng.uniform(850, 1750)
        turn, shift = Rotation.identity(), np.zeros(3)
        if off and n == 1:
            turn = Rotation.from_euler("zxy", np.clip(rng.normal(0, (4.0, 1.2, 1.2)), -10, 10), degrees=True)
            shift = rng.normal(0, 0.7, 3)
        nominal.append(film_camera(rotation, sod, FILM_PIXELS))
        wrong = sod * rng.uniform(0.95, 1.05)
        true.append(film_camera(rotation @ turn.as_matrix(), wrong, RENDERED_PIXELS, shift))
    return (nominal[0], nominal[1]), (true[0], true[1])


def _integrals(knee: SimulatedKnee, camera: Camera) -> NDArray[np.float32]:
    """(5, 192, 192): soft tissue and the four bones."""
    affine = np.diag([SPACING_MM] * 3 + [1.0])
    affine[:3, 3] = -(VOXELS - 1) / 2 * SPACING_MM
    shape = (RENDERED_PIXELS, RENDERED_PIXELS)
    films = project_line_integrals(knee.hu, affine, camera, shape, knee.nearest_bone, samples=144)
    return np.concatenate([films, np.zeros((5 - len(films), *shape), np.float32)])
