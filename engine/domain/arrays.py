"""How values hold arrays: converted once, finite, and read-only from then on."""

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray


def frozen_array(values: ArrayLike, dtype: DTypeLike, name: str, shape: tuple[int | None, ...]) -> NDArray:
    """A read-only C-ordered array of the given dtype and shape (None is any length).

    An array that is already read-only and fits is kept without a copy, so passing values along is free.

    Raises ValueError naming `name` when the shape differs or a value is not finite.
    """
    array = np.asarray(values)
    if len(array.shape) != len(shape) or any(w is not None and w != n for w, n in zip(shape, array.shape, strict=True)):
        raise ValueError(f"{name} has shape {array.shape}, expected {shape}")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError(f"{name} holds values that are not finite")
    if array.flags.writeable or array.dtype != np.dtype(dtype) or not array.flags.c_contiguous:
        array = np.array(array, dtype=dtype, order="C")
        array.setflags(write=False)
    return array


def rigid_or_affine(matrix: ArrayLike, name: str) -> NDArray[np.float64]:
    """A read-only invertible (4, 4) float64 affine whose last row is 0 0 0 1.

    Raises ValueError naming `name` otherwise.
    """
    array = frozen_array(matrix, np.float64, name, (4, 4))
    if not np.array_equal(array[3], [0, 0, 0, 1]):
        raise ValueError(f"{name} has last row {array[3].tolist()}, expected [0, 0, 0, 1]")
    if abs(np.linalg.det(array[:3, :3])) < 1e-9:
        raise ValueError(f"{name} is singular")
    return array
