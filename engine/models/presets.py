"""Every network size in one table. A preset is data: `Network(PRESETS["compact"])` builds it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from engine.domain.errors import RefusedInput


class ConditioningMode(Enum):
    """How the radiographs reach the volume; the paper's own is cross-attention alone."""

    BACK_PROJECTION = "back_projection+cross_attention"
    CROSS_ATTENTION = "cross_attention"


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """ConvNeXt stages at strides 4, 8, 16, 32 (widths, depths), the pyramid's width and the stride-2 map's channels.

    shared: one set of weights for both views, told apart by the view embedding of their tokens.
    pyramid_blocks: residual blocks after each stride's features join the pyramid, without which edges come out ragged.
    """

    widths: tuple[int, int, int, int]
    depths: tuple[int, int, int, int]
    pyramid_channels: int
    map_channels: int
    token_channels: int
    shared: bool = False
    film_channels: int = 3
    pyramid_blocks: int = 0


@dataclass(frozen=True, slots=True)
class InnerSpec:
    """The innermost U-Net, one entry for each of its grids from fine to coarse.

    blocks: residual blocks (down, up); the coarsest grid has a middle of two more.
    self_attention, cross_attention: layers at each grid, of three places: middle (coarsest only), up path, down path.
    """

    channels: tuple[int, ...]
    blocks: tuple[tuple[int, int], ...]
    self_attention: tuple[int, ...]
    cross_attention: tuple[int, ...]
    head_channels: int
    feed_forward: int


@dataclass(frozen=True, slots=True)
class OuterSpec:
    """An outer level works on its own grid (full) and on its inner neighbour's (half); blocks in each direction.

    inward: whether its down path feeds the inner level. Without, the inner levels never depend on it, so that it may
        be trained on crops without the inner levels seeing features at some voxels and none at others.
    """

    full_channels: int
    full_blocks: tuple[int, int]
    half_channels: int
    half_blocks: tuple[int, int]
    inward: bool = True


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """A whole network. base_voxels: the innermost grid along each side; each outer level doubles it.

    tissue_channels: width of the guess of the CT from the bones at every level; 0: none.
    """

    name: str
    encoder: EncoderSpec
    inner: InnerSpec
    outers: tuple[OuterSpec, ...]
    embedding_channels: int
    base_voxels: int = 32
    conditioning: ConditioningMode = ConditioningMode.BACK_PROJECTION
    tissue_channels: int = 0

    @property
    def levels(self) -> int:
        """Number of grids denoised jointly when all of them are active."""
        return 1 + len(self.outers)

    def voxels(self, level: int) -> int:
        """Voxels along each side of a level's grid, level 0 innermost."""
        return self.base_voxels << level


PRESETS: dict[str, NetworkSpec] = {
    # reference/science.md, "A faithful 400 M configuration"; the encoder's 29 M are counted in.
    "m3d-400": NetworkSpec(
        name="m3d-400",
        encoder=EncoderSpec((96, 192, 384, 768), (3, 3, 9, 3), 256, 32, 768, shared=True, pyramid_blocks=1),
        inner=InnerSpec((192, 384, 640), ((2, 3), (2, 3), (4, 6)), (0, 1, 3), (0, 1, 3), 64, 4),
        outers=(OuterSpec(64, (2, 2), 192, (1, 1)), OuterSpec(32, (2, 2), 64, (1, 1))),
        embedding_channels=768,
        tissue_channels=16,
    ),
    "compact": NetworkSpec(
        name="compact",
        encoder=EncoderSpec((32, 64, 128, 192), (2, 2, 4, 2), 64, 32, 128, pyramid_blocks=1),
        inner=InnerSpec((32, 64, 160), ((0, 1), (1, 1), (0, 1)), (0, 0, 2), (0, 1, 2), 32, 2),
        outers=(OuterSpec(16, (0, 1), 48, (0, 1), inward=False), OuterSpec(16, (0, 0), 32, (0, 1), inward=False)),
        embedding_channels=128,
        tissue_channels=8,
    ),
    "tiny": NetworkSpec(
        name="tiny",
        encoder=EncoderSpec((8, 16, 24, 32), (1, 1, 1, 1), 16, 8, 32, pyramid_blocks=1),
        inner=InnerSpec((16, 32, 32), ((1, 1),) * 3, (0, 0, 1), (0, 1, 1), 16, 2),
        outers=(OuterSpec(16, (0, 1), 16, (0, 0)), OuterSpec(16, (0, 1), 16, (0, 0))),
        embedding_channels=32,
        base_voxels=8,
        tissue_channels=4,
    ),
}


def preset(name: str) -> NetworkSpec:
    """The preset of that name; RefusedInput where there is none."""
    if name not in PRESETS:
        raise RefusedInput(f"there is no preset {name!r}; choose one of {', '.join(PRESETS)}")
    return PRESETS[name]
