"""A calibrated pair of blank films, made without a file and without PyTorch."""

import numpy as np

from engine.domain import CalibratedPair, Provenance, Radiograph, RadiographPair, Side, Source, View
from engine.geometry.calibrate import calibrate


def film(view: View, side: Side) -> Radiograph:
    return Radiograph(
        pixels=np.ones((300, 260), np.float32),
        view=view,
        side=side,
        pixel_spacing_mm=(0.9, 0.8),
        sid_mm=1150.0,
        sod_mm=1000.0,
        columns_run_to="L" if view is View.AP else "A",
        source_name=f"{view.value.lower()}.dcm",
        sha256="cd" * 32,
        provenance={"view": Provenance(Source.USER, "--ap")},
    )


def calibrated_pair(side: Side) -> CalibratedPair:
    return calibrate(RadiographPair(film(View.AP, side), film(View.LATERAL, side)))
