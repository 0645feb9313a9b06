"""Where subjects stand in a place, and the colours that several places are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SAND: Final = (240, 208, 158)
GRASS: Final = (122, 168, 84)
SNOW: Final = (240, 246, 255)
STONE: Final = (150, 146, 150)
WOOD: Final = (150, 104, 68)
PLASTER: Final = ((226, 196, 160), (206, 132, 104), (236, 222, 196), (164, 178, 170), (210, 164, 110))


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a subject's foot is, in shares of the frame, and how large it stands there."""

    x: float = 0.5
    y: float = 0.86
    scale: float = 1.0
    depth: float = 0.75


@dataclass(frozen=True, slots=True)
class Spots:
    """Where subjects go by their home; things for the table stand large in front when there is none."""

    ground: Spot = Spot()
    water: Spot | None = None
    air: Spot = Spot(0.55, 0.4, 1.0, 0.3)
    table: Spot = Spot(0.5, 0.93, 1.15, 0.85)
