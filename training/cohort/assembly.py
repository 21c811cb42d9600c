"""Put the bones of one atlas leg together: hip and knee in neutral rotation, a fixed joint gap, patella in front.

The atlas stores every bone rigidly aligned to its own mean, so a drawn leg must be joined before its bones fit.
Axes are those of the ISB (Wu et al., J Biomech 2002, doi:10.1016/S0021-9290(01)00222-6: x anterior, y superior,
z right), landmarks are nodes of the atlas, and gap and patellar offset are those that the Auckland lower-limb atlas
publishes as its neutral pose (GIAS3, docs/adr/0003-anatomy-source.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from training.cohort.elements import sampled
from training.cohort.package import AtlasBone

Floats = NDArray[np.float64]
Nodes = Mapping[str, Floats]

_LANDMARKS = {
    "pelvis": {"left_asis": 1004, "right_asis": 466, "left_psis": 924, "right_psis": 384},
    "femur": {"medial_epicondyle": 630, "lateral_epicondyle": 550},
    "tibiafibula": {"lateral_condyle": 257, "medial_condyle": 236, "lateral_malleolus": 528, "medial_malleolus": 150},
    "patella": {"apex": 29, "base": 59, "lateral_edge": 72},
}
_FEMORAL_HEAD_PATCH = 0
_LEFT_ACETABULUM = (109, 111, 112, 113, 114, 115)
_FEMORAL_CONDYLES = (26, 27, 28, 29, 30, 43, 44, 46, 47, 48, 49, 51, 52)
_TIBIAL_PLATEAU = (37, 38, 39, 40, 41, 42, 43, 44, 45)
_SOCKET_SPACING_MM, _CARTILAGE_SPACING_MM = 5.0, 4.0
_KNEE_GAP_MM = 5.0
_PATELLA_FROM_TIBIA_MM = np.array([50.0, 50.0, -10.0])


@dataclass(frozen=True, slots=True, eq=False)
class _Frame:
    """origin (3,) mm and axes (3, 3), one unit vector a row."""

    origin: Floats
    axes: Floats

    def move_onto(self, target: _Frame, points: Floats) -> Floats:
        """Points (n, 3) carried along as this frame is laid onto the target."""
        return (points - self.origin) @ self.axes.T @ target.axes + target.origin


def assembler(atlas: Mapping[str, AtlasBone]) -> Callable[[Nodes], Nodes]:
    """A function from the nodes (n, 3) mm of the four surfaces, by name, to femur, tibiafibula and patella in place.

    The pelvis stays where it is. Sample points of the joint surfaces are fixed on the mean, once.
    """
    socket, condyles, plateau = (
        sampled([atlas[bone].patches[k] for k in patches], atlas[bone].mean, spacing)
        for bone, patches, spacing in (
            ("pelvis", _LEFT_ACETABULUM, _SOCKET_SPACING_MM),
            ("femur", _FEMORAL_CONDYLES, _CARTILAGE_SPACING_MM),
            ("tibiafibula", _TIBIAL_PLATEAU, _CARTILAGE_SPACING_MM),
        )
    )
    head = atlas["femur"].patches[_FEMORAL_HEAD_PATCH].nodes

    def assemble(nodes: Nodes) -> Nodes:
        hip = _Frame(_sphere_centre(socket @ nodes["pelvis"]), _pelvis_axes(nodes["pelvis"]))
        head_centre = _sphere_centre(nodes["femur"][head])
        loose = _femur_frame(nodes["femur"], head_centre)
        femur = _Frame(head_centre, loose.axes).move_onto(hip, nodes["femur"])
        knee = _femur_frame(femur, hip.origin)
        tibia = _tibia_frame(nodes["tibiafibula"]).move_onto(knee, nodes["tibiafibula"])
        for _ in range(2):  # the nearest points change with the first shift
            tibia = tibia + _gap_shift(condyles @ femur, plateau @ tibia, knee.axes[1])
        shin = _tibia_frame(tibia)
        seat = _Frame(shin.origin + _PATELLA_FROM_TIBIA_MM @ shin.axes, shin.axes)
        patella = _patella_frame(nodes["patella"]).move_onto(seat, nodes["patella"])
        return {"femur": femur, "tibiafibula": tibia, "patella": patella}

    return assemble


def _gap_shift(femur_mm: Floats, tibia_mm: Floats, up: Floats) -> Floats:
    """Shift along the tibia that leaves the gap between the closest points of the two joint surfaces."""
    nearest = KDTree(femur_mm).query(tibia_mm)[1]
    return (((femur_mm[nearest] - tibia_mm) @ up).min() - _KNEE_GAP_MM) * up


def _pelvis_axes(nodes: Floats) -> Floats:
    at = _landmarks("pelvis", nodes)
    right = _unit(at["right_asis"] - at["left_asis"])
    back = (at["left_psis"] + at["right_psis"]) / 2
    plane_normal = np.cross(at["right_asis"] - back, at["left_asis"] - back)
    forward = _unit(np.cross(plane_normal, right))
    return np.array([forward, np.cross(right, forward), right])


def _femur_frame(nodes: Floats, head_centre: Floats) -> _Frame:
    at = _landmarks("femur", nodes)
    medial, lateral = at["medial_epicondyle"], at["lateral_epicondyle"]
    origin = (medial + lateral) / 2
    up = _unit(head_centre - origin)
    right = _unit(np.cross(np.cross(medial - head_centre, lateral - head_centre), up))
    return _Frame(origin, np.array([np.cross(up, right), up, right]))


def _tibia_frame(nodes: Floats) -> _Frame:
    """Origin between the condyles, where the knee is."""
    at = _landmarks("tibiafibula", nodes)
    condyles = (at["medial_condyle"] + at["lateral_condyle"]) / 2
    ankle = (at["medial_malleolus"] + at["lateral_malleolus"]) / 2
    up = _unit(condyles - ankle)
    forward = _unit(np.cross(at["lateral_condyle"] - ankle, at["medial_condyle"] - ankle))
    return _Frame(condyles, np.array([forward, up, np.cross(forward, up)]))


def _patella_frame(nodes: Floats) -> _Frame:
    at = _landmarks("patella", nodes)
    up = _unit(at["base"] - at["apex"])
    forward = _unit(np.cross(at["lateral_edge"] - at["apex"], up))
    return _Frame((at["base"] + at["apex"]) / 2, np.array([forward, up, np.cross(forward, up)]))


def _landmarks(bone: str, nodes: Floats) -> dict[str, Floats]:
    return {name: nodes[number] for name, number in _LANDMARKS[bone].items()}


def _sphere_centre(points: Floats) -> Floats:
    """Centre of the sphere that fits points (n, 3) with the least squared error in squared radius."""
    system = np.column_stack([2 * points, np.ones(len(points))])
    return np.linalg.lstsq(system, (points**2).sum(axis=1), rcond=None)[0][:3]


def _unit(vector: Floats) -> Floats:
    return vector / np.linalg.norm(vector)
