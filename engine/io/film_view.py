"""View, knee side and direction of a film, from the user or from the file; where neither says, None and not a guess.

View Position: PS3.3 C.8.7.1.1.1; View Code: PS3.16 CID 4010; Patient Orientation: PS3.3 C.7.6.1.1.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.domain import Provenance, Side, Source, View
from engine.io.decoded import Decoded
from engine.io.refusals import refused

_VIEWS = {"AP": View.AP} | dict.fromkeys(("LATERAL", "LAT", "LL", "RL", "ML", "LM"), View.LATERAL)
_VIEW_CODES = {
    "R-10206": View.AP,
    "399348003": View.AP,
    "R-10232": View.LATERAL,
    "399173006": View.LATERAL,
    "R-10236": View.LATERAL,
    "399198007": View.LATERAL,
}
# Other projections, whose geometry is not that of the two films Genu understands.
_OTHER_VIEWS = {
    "PA": "a PA film",
    "RLO": "an oblique film",
    "LLO": "an oblique film",
    "RAO": "an oblique film",
    "LAO": "an oblique film",
    "RPO": "an oblique film",
    "LPO": "an oblique film",
    "OBLIQUE": "an oblique film",
    "RLD": "a decubitus film",
    "LLD": "a decubitus film",
    "AXIAL": "an axial film",
    "SKYLINE": "an axial film",
    "SUNRISE": "an axial film",
    "TANGENTIAL": "an axial film",
}
_OTHER_CODES = {"R-10214": "a PA film", "272460009": "a PA film"}
_DIRECTIONS = {View.AP: "LR", View.LATERAL: "AP"}


@dataclass(frozen=True, slots=True)
class Said:
    """A value that may be missing, who said it, and sentences for the report."""

    value: Any
    provenance: Provenance | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Upright:
    """Pixels whose rows run to the foot, the direction of their columns, and what was done to them."""

    pixels: NDArray[np.float32]
    columns_run_to: str
    provenance: Provenance
    warnings: tuple[str, ...] = ()


def read_view(film: Decoded, user: View | None) -> Said:
    """AP, lateral, or None. Raises RefusedInput for a projection that is neither, unless the user names the view."""
    position, code = film.text("ViewPosition").upper(), film.text("ViewCode")
    views = {v for v in (_VIEWS.get(position), _VIEW_CODES.get(code)) if v is not None}
    if user is not None:
        contradicts = user not in views if views else position in _OTHER_VIEWS or code in _OTHER_CODES
        said = position or code
        warning = f"{film.name}: view {user.value} by the user overrules {said!r} of the file"
        return Said(user, Provenance(Source.USER, f"named as the {user.value} film"), (warning,) if contradicts else ())
    if other := _OTHER_VIEWS.get(position) or _OTHER_CODES.get(code):
        remedy = "give an AP and a lateral film, or --ap and --lateral if the tag is wrong"
        raise refused(film.name, f"is {other}", remedy)
    if len(views) == 1:
        detail = "ViewPosition (0018,5101)" if position in _VIEWS else "ViewCodeSequence (0054,0220)"
        return Said(views.pop(), Provenance(Source.FILE, detail))
    if views:
        return Said(None, None, (f"{film.name}: ViewPosition and ViewCodeSequence name different views",))
    if film.text("PatientOrientation")[:1] in ("A", "P"):
        return Said(View.LATERAL, Provenance(Source.ESTIMATED, "PatientOrientation (0020,0020)"))
    return Said(None, None)


def read_side(film: Decoded, user: Side | None) -> Said:
    """Left, right, or None where the file says nothing, both, or two different things."""
    stated = {keyword: film.text(keyword) for keyword in ("ImageLaterality", "Laterality") if film.text(keyword)}
    sides = set(stated.values())
    detail = ", ".join(f"{keyword} {value}" for keyword, value in stated.items())
    if user is not None:
        warning = f"{film.name}: side {user.value} by the user overrules {detail} of the file"
        return Said(user, Provenance(Source.USER, "--side"), (warning,) if sides - {user.value, "U"} else ())
    if len(sides) == 1 and sides <= {"L", "R"}:
        return Said(Side(sides.pop()), Provenance(Source.FILE, detail))
    return Said(None, None, (f"{film.name}: {detail} does not name one side",) if sides else ())


def stand_upright(film: Decoded, pixels: NDArray[np.float32], view: View | None) -> Upright:
    """Rows made to run to the foot (a film whose rows run to the head is reversed), and the direction of columns.

    Without PatientOrientation the usual hanging is taken: columns to the patient's left on AP, to anterior on lateral.

    Raises RefusedInput for a film that lies on its side and for a direction that does not fit the view.
    """
    directions = film.values("PatientOrientation")
    if not directions:
        columns = "A" if view is View.LATERAL else "L"
        warning = f"{film.name}: does not say how it is oriented; its columns are taken to run to {columns}"
        return Upright(pixels, columns, Provenance(Source.DEFAULT, f"{columns}, not in the file"), (warning,))
    columns, rows = directions[0][:1], directions[1][:1] if len(directions) == 2 else ""
    if rows not in ("F", "H") or columns not in ("L", "R", "A", "P"):
        shown = ", ".join(directions)[:20]
        raise refused(film.name, f"lies in the orientation {shown!r}", "turn it so that its rows run to the foot")
    if view is not None and columns not in _DIRECTIONS[view]:
        raise refused(
            film.name,
            f"is named {view.value}, but its columns run to {columns} by PatientOrientation",
            "check which film is the AP and which the lateral",
        )
    provenance = Provenance(Source.FILE, "PatientOrientation (0020,0020)")
    if rows == "F":
        return Upright(pixels, columns, provenance)
    return Upright(np.ascontiguousarray(pixels[::-1]), columns, provenance, (f"{film.name}: was upside down, turned",))
