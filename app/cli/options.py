"""Words of the command line that more than one command understands."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from engine.domain import LateralBeam, Side


def millimetres(text: str) -> float:
    """A positive finite length.

    Raises argparse.ArgumentTypeError, which argparse turns into a sentence.
    """
    value = _number(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number of millimetres")
    return value


def spacing_mm(text: str) -> tuple[float, float]:
    """`0.15` or `0.15,0.2`: millimetres between rows and between columns, at the detector."""
    numbers = tuple(millimetres(word) for word in text.split(","))
    if len(numbers) not in (1, 2):
        raise argparse.ArgumentTypeError(f"{text!r} is neither MM nor ROW,COLUMN")
    return numbers[0], numbers[-1]


def point_mm(text: str) -> tuple[float, float, float]:
    """`X,Y,Z` in millimetres."""
    numbers = tuple(_number(word) for word in text.split(","))
    if len(numbers) != 3:
        raise argparse.ArgumentTypeError(f"{text!r} is not X,Y,Z")
    return numbers[0], numbers[1], numbers[2]


def size(text: str) -> tuple[int, int]:
    """`640` or `800,640`: rows and columns of a film, 32 to 8192."""
    numbers = tuple(count(word) for word in text.split(","))
    if len(numbers) not in (1, 2) or not all(32 <= number <= 8192 for number in numbers):
        raise argparse.ArgumentTypeError(f"{text!r} is neither N nor ROWS,COLUMNS from 32 to 8192")
    return numbers[0], numbers[-1]


def degrees(text: str) -> float:
    """A finite angle."""
    return _number(text)


def count(text: str) -> int:
    """A whole number from 1."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def seed(text: str) -> int:
    """A whole number in [0, 2^63)."""
    if not (text.isascii() and text.isdigit() and int(text) < 2**63):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


def side(text: str) -> Side:
    """`L` or `R`, in either case."""
    sides = {side.value: side for side in Side}
    if text.upper() not in sides:
        raise argparse.ArgumentTypeError(f"{text!r} is neither L nor R")
    return sides[text.upper()]


def add_out(parser: argparse.ArgumentParser, what: str) -> None:
    """`--out DIR`, required."""
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help=f"folder for {what}, written whole")


def add_beam(parser: argparse.ArgumentParser) -> None:
    """`--beam mediolateral|lateromedial`."""
    parser.add_argument(
        "--beam",
        type=LateralBeam,
        choices=tuple(LateralBeam),
        default=LateralBeam.MEDIOLATERAL,
        metavar="{mediolateral,lateromedial}",
        help="from which side to which the lateral's beam runs",
    )


def _number(text: str) -> float:
    # Python's float also reads '1_0', 'nan' and 'inf'.
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if "_" in text or not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return value
