"""Places: each builds its scene on the stage, from far to near, and says where subjects stand.

To teach a place: write such a function in the file that suits it, name it here and give it words in `sight`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from pipeline.media.animatic.places import indoors, town, water, wild
from pipeline.media.animatic.spots import Spots
from pipeline.media.animatic.stage import Stage

PLACES: Final[Mapping[str, Callable[[Stage], Spots]]] = {
    painter.__name__: painter
    for painter in (
        water.beach,
        water.sea,
        water.harbour,
        water.lake,
        water.bridge,
        water.waterfall,
        water.underwater,
        town.city,
        town.street,
        town.alley,
        town.rooftop,
        town.market,
        town.station,
        town.stadium,
        town.temple,
        town.village,
        wild.mountain,
        wild.bamboo,
        wild.forest,
        wild.desert,
        wild.meadow,
        wild.snowfield,
        wild.space,
        indoors.kitchen,
        indoors.cafe,
        indoors.room,
        indoors.studio,
    )
}
