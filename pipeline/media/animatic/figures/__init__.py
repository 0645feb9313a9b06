"""Subjects: small drawings that move in place. Each is a function of a figurine, the time in its cycle and its inks.

To teach a figure: write such a function in the file that suits it, name it here and give it words in `sight`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pipeline.media.animatic.figures import animals, people, things, vehicles
from pipeline.media.animatic.figurine import Figurine, Inks

Drawing = Callable[[Figurine, float, Inks], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How a figure is drawn and where it belongs."""

    draw: Drawing
    height: float  # u, close to the lens
    wide: float = 1.0  # of its height
    poses: int = 1
    front: float = 0.0  # of its height: what its spot says is so far before its middle
    pace: float = 0.0  # u a frame, its own way
    home: Literal["ground", "water", "air", "table"] = "ground"
    dyed: bool = False  # a colour that the prompt names is its own, not its coat's


FIGURES: Final[Mapping[str, Figure]] = {
    "runner": Figure(draw=people.runner, height=300, poses=16, wide=0.95, pace=2.0),
    "walker": Figure(draw=people.walker, height=270, poses=26, wide=0.7, pace=0.75),
    "child": Figure(draw=people.child, height=190, poses=18, wide=0.85, pace=0.75),
    "dancer": Figure(draw=people.dancer, height=310, poses=48, wide=0.9),
    "umbrella": Figure(draw=people.umbrella, height=290, poses=28, wide=1.0, pace=0.75),
    "stander": Figure(draw=people.stander, height=270, poses=96, wide=0.5),
    "small_stander": Figure(draw=people.small_stander, height=190, poses=96, wide=0.6),
    "umbrella_stander": Figure(draw=people.umbrella_stander, height=290, poses=96, wide=1.0),
    "sitter": Figure(draw=people.sitter, height=270, poses=96, wide=0.8),
    "small_sitter": Figure(draw=people.sitter, height=200, poses=96, wide=0.8),
    "robot": Figure(draw=people.robot, height=290, poses=36, wide=0.7, pace=0.5),
    "cyclist": Figure(draw=vehicles.cyclist, height=280, poses=24, wide=1.3, pace=1.0),
    "car": Figure(draw=vehicles.car, height=170, poses=8, wide=2.8, pace=1.75),
    "sports_car": Figure(draw=vehicles.sports_car, height=118, poses=6, wide=3.9, pace=2.5),
    "truck": Figure(draw=vehicles.truck, height=230, poses=8, wide=2.3, pace=1.75),
    "bus": Figure(draw=vehicles.bus, height=240, poses=8, wide=2.8, pace=1.5),
    "train": Figure(draw=vehicles.train, height=200, wide=10.4, pace=2.0, front=4.9),
    "boat": Figure(draw=vehicles.boat, height=240, poses=72, wide=1.1, pace=0.5, home="water"),
    "fishing_boat": Figure(draw=vehicles.fishing_boat, height=190, poses=72, wide=2.2, pace=0.25, home="water"),
    "ship": Figure(draw=vehicles.ship, height=170, wide=3.3, pace=0.5, home="water"),
    "birds": Figure(draw=animals.birds, height=130, poses=20, wide=2.7, pace=1.0, home="air", dyed=True),
    "balloon": Figure(draw=things.balloon, height=330, poses=96, wide=0.75, pace=0.25, home="air"),
    "rocket": Figure(draw=things.rocket, height=330, poses=12, wide=0.7, home="air"),
    "dog": Figure(draw=animals.dog, height=130, poses=14, wide=1.8, pace=1.0, dyed=True),
    "fox": Figure(draw=animals.fox, height=125, poses=14, wide=2.3, pace=1.0, dyed=True),
    "deer": Figure(draw=animals.deer, height=250, poses=16, wide=1.4, pace=0.75, dyed=True),
    "camel": Figure(draw=animals.camel, height=270, poses=20, wide=1.4, pace=0.75, dyed=True),
    "cat": Figure(draw=animals.cat, height=130, poses=64, wide=1.4, dyed=True),
    "horse": Figure(draw=animals.horse, height=270, poses=16, wide=1.8, pace=1.5, dyed=True),
    "fish": Figure(draw=animals.fish, height=220, poses=28, wide=2.5, pace=0.75, home="air"),
    "tree": Figure(draw=things.tree, height=420, poses=96, wide=0.9),
    "lighthouse": Figure(draw=things.lighthouse, height=360, wide=1.1),
    "lantern": Figure(draw=things.lantern, height=150, poses=72, wide=0.9, home="air"),
    "bottle": Figure(draw=things.bottle, height=380, wide=0.5, home="table"),
    "cup": Figure(draw=things.cup, height=230, wide=1.4, home="table"),
    "perfume": Figure(draw=things.perfume, height=320, wide=0.75, home="table"),
    "phone": Figure(draw=things.phone, height=370, poses=48, wide=0.6, home="table"),
    "watch": Figure(draw=things.watch, height=330, poses=96, wide=0.8, home="table"),
    "shoe": Figure(draw=things.shoe, height=200, wide=2.2, home="table"),
    "book": Figure(draw=things.book, height=220, poses=96, wide=2.1, home="table"),
}
