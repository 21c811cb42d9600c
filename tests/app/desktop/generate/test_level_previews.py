"""Which slices of a level are shown, and which way round."""

import numpy as np
import pytest

from app.desktop.generate.level_previews import middle_slices
from engine.domain import Side


@pytest.mark.parametrize(("side", "column"), [(Side.RIGHT, 2), (Side.LEFT, 13)])
def test_that_previews_show_the_patient_as_seen_from_the_front(side: Side, column: int) -> None:
    """In the model frame the fibula is at -x: at the viewer's left on a right knee, at the right on a left one."""
    hu = np.full((16, 16, 16), -1000, np.int16)
    hu[2, 8, 13] = 900  # lateral, high
    hu[8, 4, 3] = 500  # anterior, low
    coronal, sagittal = middle_slices(hu, side)
    assert np.argwhere(coronal == 900).tolist() == [[2, column]]
    if side is Side.RIGHT:
        assert np.argwhere(sagittal == 500).tolist() == [[12, 4]]
