"""A CT and real films of the same knee as one case: placed as its films show it, and never where they do not fit.

The model frame is what the films state, as for a planner's pair: the knee lies and is turned where both films together
put it, each deciding what it sees best. By how much each then stands off its stated place goes into the simulated part
of the case only, as it does in simulated pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from engine.domain import Radiograph, Side, View
from engine.geometry.calibrate import stated_camera, with_distances
from engine.geometry.model_frame import FILM_PIXELS
from engine.models.film_norm import arranged_film
from engine.quality.similarity import AGREES_FROM
from training.prepare.clinic_knee import ClinicKnee
from training.prepare.ct_folder import placement
from training.prepare.registration import register
from training.simulate.case import RENDERED_PIXELS, SimulatedCase, case_cameras, filmed_case, placed_camera

FARTHEST_MM = 35.0
WIDEST_TURN_DEG = 15.0


@dataclass(frozen=True, slots=True, eq=False)
class PairedCase:
    """films: those that are real, (256, 256) in [0, 1]. refused: why the other films that were given are not used."""

    case: SimulatedCase
    films: Mapping[View, NDArray[np.float32]]
    refused: Mapping[View, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A film (256, 256), its stated camera_from_model (4, 4) and SOD, and model_from_knee (4, 4) as it shows it."""

    film: NDArray[np.float32]
    camera_from_model: NDArray[np.float64]
    sod_mm: float
    model_from_knee: NDArray[np.float64]


def paired_case(knee: ClinicKnee, radiographs: Mapping[View, Radiograph], seed: int) -> PairedCase:
    """The case of a knee with its films. seed: of the cameras of views that are simulated."""
    own = placement(knee.centre_mm, knee.side)
    bone = knee.placed(own).occupancy.max(0)
    placed, refused = {}, {}
    for view, radiograph in radiographs.items():
        found = _placed(radiograph, bone, knee.side)
        if isinstance(found, str):
            refused[view] = found
        else:
            placed[view] = found
    turn = _turn_deg(placed)
    if turn > WIDEST_TURN_DEG:
        refused[View.LATERAL] = f"it stands {turn:.0f}° off a right angle to the AP film, over {WIDEST_TURN_DEG:.0f}°"
        del placed[View.LATERAL]
    if not placed:
        return PairedCase(filmed_case(knee.knees(seed), *case_cameras(seed)), {}, refused)
    frame = _frame(placed, np.random.default_rng([seed, 20261124]))
    posed = knee.placed(own @ np.linalg.inv(frame))
    nominal, true = (list(cameras) for cameras in case_cameras(seed))
    for place, view in enumerate(View):
        if view in placed:
            one = placed[view]
            stood = _as_deep(one.model_from_knee, frame, view)
            stated = one.camera_from_model, one.camera_from_model @ stood @ np.linalg.inv(frame)
            nominal[place] = placed_camera(stated[0], one.sod_mm, FILM_PIXELS)
            true[place] = placed_camera(stated[1], one.sod_mm, RENDERED_PIXELS)
    case = filmed_case((posed, posed), (nominal[0], nominal[1]), (true[0], true[1]))
    return PairedCase(case, {view: one.film for view, one in placed.items()}, refused)


def _placed(radiograph: Radiograph, bone: NDArray[np.float32], side: Side) -> _Placed | str:
    """Where the knee of a film stood, or why the film is of no use."""
    film = with_distances(radiograph)
    camera = stated_camera(film)
    pixels, camera_from_model = arranged_film(film, camera, side)
    found = register(pixels, bone, camera_from_model, camera.sod_mm)
    if found.fit < AGREES_FROM:
        return f"the CT's bones fit it by {found.fit:.2f}, less than {AGREES_FROM}"
    off_mm = float(np.linalg.norm(found.model_from_knee[:3, 3]))
    if off_mm > FARTHEST_MM:
        return f"its middle lies {off_mm:.0f} mm off the joint, over {FARTHEST_MM:.0f} mm"
    return _Placed(pixels.numpy(), camera_from_model, camera.sod_mm, found.model_from_knee)


def _turn_deg(placed: Mapping[View, _Placed]) -> float:
    """By how much the two films disagree on how the knee is turned; 0 with one film."""
    first, *others = (one.model_from_knee[:3, :3] for one in placed.values()) if placed else (np.eye(3),)
    return max((float(np.degrees(Rotation.from_matrix(o @ first.T).magnitude())) for o in others), default=0.0)


def _frame(placed: Mapping[View, _Placed], rng: np.random.Generator) -> NDArray[np.float64]:
    """(4, 4) model_from_knee: what the lateral says of y and of the turn about x, which the AP film hardly shows, and
    the AP of the rest; with one film all that it says, and a drawn depth.
    """
    drawn = np.eye(4)
    drawn[:3, 3] = rng.normal(0, 5, 3)
    poses = {view: one.model_from_knee for view, one in placed.items()}
    if len(poses) == 1:
        ((view, pose),) = poses.items()
        return _as_deep(pose, drawn, view)
    frame = _as_deep(poses[View.AP], poses[View.LATERAL], View.AP)
    between = Rotation.from_matrix(poses[View.LATERAL][:3, :3] @ frame[:3, :3].T).as_rotvec()
    frame[:3, :3] = Rotation.from_rotvec(between * [1, 0, 0]).as_matrix() @ frame[:3, :3]
    return frame


def _as_deep(model_from_knee: NDArray, other: NDArray, view: View) -> NDArray[np.float64]:
    """A pose that a film of `view` shows, as deep along its beam as another pose."""
    depth = 1 if view is View.AP else 0
    deep = model_from_knee.copy()
    deep[depth, 3] = other[depth, 3]
    return deep
