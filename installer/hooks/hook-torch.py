"""PyTorch without its tests, headers and tools (200 MB), in place of the hook that PyInstaller's contributors wrote.

Sources go in beside the bytecode, since TorchScript reads them while PyTorch is imported. Modules are listed from the
files and not by importing each.
"""

from pathlib import Path

from PyInstaller.utils.hooks import PY_DYLIB_PATTERNS, collect_data_files, collect_dynamic_libs, get_package_paths

module_collection_mode = "pyz+py"
warn_on_missing_hiddenimports = False

_WITHOUT = ("test", "testing", "include", "bin", "share")
_PLACE = Path(get_package_paths("torch")[1])


def _modules() -> list[str]:
    files = (path.relative_to(_PLACE) for path in _PLACE.rglob("*.py"))
    parts = [("torch", *path.with_suffix("").parts) for path in files if path.parts[0] not in _WITHOUT]
    return [".".join(p[:-1] if p[-1] == "__init__" else p) for p in parts if all(word.isidentifier() for word in p)]


hiddenimports = _modules()
datas = collect_data_files(
    "torch",
    excludes=["**/*.h", "**/*.hpp", "**/*.cuh", "**/*.lib", "**/*.cpp", "**/*.pyi", "**/*.cmake"]
    + [f"{folder}/**" for folder in _WITHOUT],
)
binaries = collect_dynamic_libs("torch", search_patterns=[*PY_DYLIB_PATTERNS, "*.so.*"])
_manager = _PLACE / "bin" / "torch_shm_manager"  # the only tool that PyTorch asks for when it is imported
if _manager.exists():
    binaries.append((str(_manager), "torch/bin"))
bindepend_symlink_suppression = ["**/torch/lib/*.so*"]  # links at the top mislead PyTorch about where it lies
