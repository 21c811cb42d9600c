"""Values of Genu: frozen, checked when made, free of torch and Qt."""

from engine.domain.anatomy import Bone, LateralBeam, Side, View
from engine.domain.calibrated import CalibratedPair, Camera
from engine.domain.errors import DamagedModel, MachineFailure, RefusedInput
from engine.domain.mesh import BoneMesh
from engine.domain.radiograph import Identity, Provenance, Radiograph, RadiographPair, Source
from engine.domain.volume import Volume

__all__ = [
    "Bone",
    "BoneMesh",
    "CalibratedPair",
    "Camera",
    "DamagedModel",
    "Identity",
    "LateralBeam",
    "MachineFailure",
    "Provenance",
    "Radiograph",
    "RadiographPair",
    "RefusedInput",
    "Side",
    "Source",
    "View",
    "Volume",
]
