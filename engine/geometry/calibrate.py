"""From a pair of films to their cameras: `RadiographPair → CalibratedPair`.

The origin of LPS is the isocentre of the two views. Each view's central ray runs through the isocentre and meets its
film at the film's centre.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.domain import (
    CalibratedPair,
    Camera,
    LateralBeam,
    Provenance,
    Radiograph,
    RadiographPair,
    Side,
    Source,
    View,
)

# Where neither file nor user says: a table-top knee film, 115 cm, joint 10 cm in front of the detector.
DEFAULT_SID_MM = 1150.0
DEFAULT_OBJECT_TO_DETECTOR_MM = 100.0

_TOWARDS = {"L": (1, 0, 0), "R": (-1, 0, 0), "P": (0, 1, 0), "A": (0, -1, 0)}
_FOOT = (0.0, 0.0, -1.0)


def calibrate(pair: RadiographPair, beam: LateralBeam = LateralBeam.MEDIOLATERAL) -> CalibratedPair:
    """Cameras of a pair: AP from the front, lateral from the side that `beam` names.

    Missing distances become the documented defaults, with provenance; a film that lacks one of the two distances keeps
    the other.
    """
    ap, lateral = with_distances(pair.ap), with_distances(pair.lateral)
    return CalibratedPair(RadiographPair(ap, lateral), stated_camera(ap, beam), stated_camera(lateral, beam))


def stated_camera(film: Radiograph, beam: LateralBeam = LateralBeam.MEDIOLATERAL) -> Camera:
    """The camera of one film with view, side and both distances known, from the direction that its view names."""
    if film.view is View.AP:
        return camera_of(film, (0.0, -1.0, 0.0))
    medial = 1.0 if film.side is Side.RIGHT else -1.0
    return camera_of(film, (medial if beam is LateralBeam.MEDIOLATERAL else -medial, 0.0, 0.0))


def camera_of(film: Radiograph, source_direction: tuple[float, float, float]) -> Camera:
    """The camera of a film whose source lies in the unit direction `source_direction` (LPS) of the isocentre."""
    assert film.sid_mm is not None
    assert film.sod_mm is not None
    view_from_lps = view_rotation(source_direction, film.columns_run_to)
    camera_from_lps = np.eye(4)
    camera_from_lps[:3, :3] = view_from_lps
    camera_from_lps[2, 3] = film.sod_mm
    rows, columns = film.pixels.shape
    row_mm, column_mm = film.pixel_spacing_mm
    intrinsics = np.array(
        [
            [film.sid_mm / column_mm, 0, (columns - 1) / 2],
            [0, film.sid_mm / row_mm, (rows - 1) / 2],
            [0, 0, 1],
        ]
    )
    return Camera(camera_from_lps, intrinsics, film.sid_mm, film.sod_mm)


def view_rotation(source_direction: tuple[float, float, float], columns_run_to: str) -> NDArray[np.float64]:
    """(3, 3) rows: LPS directions of camera x (columns), y (rows, to the foot) and z (away from the source)."""
    return np.array([_TOWARDS[columns_run_to], _FOOT, [-c for c in source_direction]], dtype=np.float64)


def with_distances(film: Radiograph) -> Radiograph:
    """The film with SID and SOD both known; what was missing is a default and says so."""
    sid, sod = film.sid_mm, film.sod_mm
    provenance = dict(film.provenance)
    if sid is None:
        sid = DEFAULT_SID_MM if sod is None else sod + DEFAULT_OBJECT_TO_DETECTOR_MM
        provenance["sid_mm"] = Provenance(Source.DEFAULT, f"{sid:g} mm, not in the file")
    if sod is None:
        sod = sid - DEFAULT_OBJECT_TO_DETECTOR_MM
        provenance["sod_mm"] = Provenance(
            Source.DEFAULT, f"SID - {DEFAULT_OBJECT_TO_DETECTOR_MM:g} mm, not in the file"
        )
    return replace(film, sid_mm=sid, sod_mm=sod, provenance=provenance)
