"""What goes into the frozen program and what stays out. Read by genu.spec; knows no PyInstaller, so tests can ask."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Every module of these is taken, since pages, jobs and children are named and not imported; `training` stays out.
PACKAGES = ("app", "engine", "export")

# imagecodecs loads its codecs by name; these are all that engine/io/codecs.py asks for.
CODECS = ("_imcd", "_jpeg2k", "_jpeg8", "_jpegls", "_shared", "_shared_cython")

# Whose versions are asked for at run time, by us or by themselves.
METADATA = (
    "genu",
    "imagecodecs",
    "jaxtyping",
    "manifold3d",
    "nanodrr",
    "numpy",
    "pillow",
    "pydicom",
    "pyside6_essentials",
    "roma",
    "safetensors",
    "scikit-image",
    "scipy",
    "torch",
    "vtk",
    "wadler_lindig",
)

# Never inside: judges, trainers and builders, and what only they, or code that Genu does not call, would load.
EXCLUDED = (
    "IPython",
    "SimpleITK",  # 270 MB, by torchio
    "expecttest",
    "hypothesis",
    "importlinter",
    "lightning_fabric",
    "lightning_utilities",
    "matplotlib",
    "musculoskeletal_models",
    "mypy",  # its compiled modules end a frozen program at its start
    "pandas",
    "pip",
    "pkg_resources",
    "pymeshlab",
    "pytest",
    "pyvista",
    "pyvistaqt",
    "qtpy",
    "requests",  # nothing in Genu asks the network
    "setuptools",
    "tensorboard",
    "tests",
    "timm",
    "tkinter",
    "torch.testing._internal.common_device_type",  # these import expecttest, which Genu never has
    "torch.testing._internal.common_methods_invocations",
    "torch.testing._internal.common_modules",
    "torch.testing._internal.common_nn",
    "torch.testing._internal.common_optimizers",
    "torch.testing._internal.common_utils",
    "torch.testing._internal.opinfo",
    "torch.utils.tensorboard",
    "torchio",  # named by nanodrr in types only; hooks/without_torchio.py stands in
    "torchmetrics",
    "torchvision",
    "training",
    "trimesh",
)

# Files that hooks collect and nobody opens. A frozen program has no entry points: `genu train` is not in it.
_LEFT_OUT = (
    "*.a",
    "*.dist-info/RECORD",
    "*.dist-info/direct_url.json",
    "genu-*.dist-info/entry_points.txt",
    "*/libQt6Pdf*",
    "*/libQt6Qml*",
    "*/libQt6Quick*",
    "*/libQt6VirtualKeyboard*",
    "libgcc_s.so*",  # these two: a graphics driver newer than the builder's would be given too old ones
    "libstdc++.so*",
    "libQt6Pdf*",
    "libQt6Qml*",
    "libQt6Quick*",
    "libQt6VirtualKeyboard*",
    "*/platforminputcontexts/libqtvirtualkeyboard*",
    "skimage/data/*",
)
_TRANSLATIONS = "*/translations/*.qm"


def modules() -> list[str]:
    """Every module of PACKAGES, and the codecs."""
    found = [_name(path) for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return found + [f"imagecodecs.{codec}" for codec in CODECS]


def languages() -> tuple[str, ...]:
    """Codes of the languages that assets/translations holds."""
    return tuple(sorted(path.stem.partition("_")[2] for path in (ROOT / "assets" / "translations").glob("genu_*.qm")))


def assets() -> list[tuple[str, str]]:
    """All of assets/ but the sources of translations, where app/assets.py looks: beside the package `app`."""
    files = sorted(path for path in (ROOT / "assets").rglob("*") if path.is_file() and path.suffix != ".ts")
    return [(str(path), path.parent.relative_to(ROOT).as_posix()) for path in files]


def wanted(destination: str) -> bool:
    """Whether a file that PyInstaller has collected for this place of the program stays in."""
    place = destination.replace("\\", "/")
    if fnmatch(place, _TRANSLATIONS) and not place.startswith("assets/"):
        return any(fnmatch(place, f"*/qtbase_{code}.qm") for code in languages())
    return not any(fnmatch(place, pattern) for pattern in _LEFT_OUT)


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
