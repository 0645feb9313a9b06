"""People and a robot: limbs from angles, one step a cycle."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final

from pipeline.media.animatic.brush import Point
from pipeline.media.animatic.figurine import Figurine, Inks, polar
from pipeline.media.animatic.palette import mix


@dataclass(frozen=True, slots=True)
class Gait:
    swing: float  # of the thighs
    knee: float
    lean: float
    arms: float
    elbow: float
    hop: float = 0.0
    head: float = 0.062
    legs: float = 0.5


RUN: Final = Gait(0.82, 1.25, 0.2, 0.95, 1.5, hop=0.05)
WALK: Final = Gait(0.42, 0.5, 0.03, 0.42, 0.35)
STAND: Final = Gait(0.12, 0.02, 0.0, 0.14, 0.22)
SMALL_STAND: Final = Gait(0.12, 0.02, 0.0, 0.2, 0.3, head=0.105, legs=0.42)
CHILD: Final = Gait(0.6, 0.9, 0.1, 0.8, 0.6, hop=0.03, head=0.105, legs=0.42)


def _person(pen: Figurine, time: float, inks: Inks, gait: Gait, *, skirt: bool = False) -> None:
    phase = 2 * pi * time
    thigh = gait.legs * 0.5
    shoulder = 0.86 - gait.head
    far = mix(inks.body, inks.light, 0.14)
    legs = [_leg(phase + turn, gait, thigh) for turn in (0.0, pi)]
    lowest = min(foot[1] for _, _, foot, _ in legs)
    lift = -lowest + gait.hop * abs(cos(phase)) + 0.018

    def up(point: Point) -> Point:
        return point[0], point[1] + lift

    chest = (gait.lean * 0.34, shoulder - 0.5 + gait.legs)
    trunk = shoulder - gait.legs
    chest = (trunk * sin(gait.lean), gait.legs * 0.97 + trunk * cos(gait.lean))
    for index, ink in ((1, far), (0, inks.body)):
        hip, knee, foot, toe = legs[index]
        swing = -gait.arms * sin(phase + index * pi)
        elbow = polar(chest, swing, 0.165)
        hand = polar(elbow, swing + gait.elbow, 0.15)
        if index == 1:
            pen.limb([up(chest), up(elbow), up(hand)], 0.047, ink)
        pen.limb([up(hip), up(knee)], 0.085, ink)
        pen.limb([up(knee), up(foot)], 0.056, ink)
        pen.limb([up(foot), up(toe)], 0.04, ink)
        if index == 0:
            pen.limb([up((0.0, gait.legs)), up(((chest[0]) * 0.55, (gait.legs + chest[1]) / 2))], 0.125, inks.cloth)
            pen.limb([up((chest[0] * 0.3, gait.legs + 0.06)), up((chest[0], chest[1] - 0.045))], 0.15, inks.cloth)
            if skirt:
                sway = 0.03 * sin(phase)
                pen.poly(
                    [up((-0.07, 0.56)), up((0.08, 0.56)), up((0.15 + sway, 0.3)), up((-0.15 + sway, 0.3))], inks.cloth
                )
            pen.limb([up(chest), up((chest[0] + 0.02, chest[1] + 0.06))], 0.05, ink)
            pen.disc(chest[0] + 0.04, chest[1] + 0.075 + gait.head * 0.75 + lift, gait.head, ink)
            pen.limb([up((chest[0] - 0.01, chest[1] - 0.02)), up(elbow), up(hand)], 0.05, mix(ink, inks.cloth, 0.35))


def _leg(phase: float, gait: Gait, thigh: float) -> tuple[Point, Point, Point, Point]:
    """Hip, knee, foot and toe; the knee bends while the thigh swings forwards."""
    hip = (0.0, gait.legs)
    angle = gait.swing * sin(phase) + 0.1 * gait.swing
    knee = polar(hip, angle, thigh)
    bend = 0.12 + gait.knee * (0.5 + 0.5 * cos(phase)) ** 1.5
    foot = polar(knee, angle - bend, thigh * 0.96)
    return hip, knee, foot, polar(foot, angle - bend + 1.35, 0.075)


def runner(pen: Figurine, time: float, inks: Inks) -> None:
    _person(pen, time, inks, RUN)


def walker(pen: Figurine, time: float, inks: Inks) -> None:
    _person(pen, time, inks, WALK)


def child(pen: Figurine, time: float, inks: Inks) -> None:
    _person(pen, time, inks, CHILD, skirt=True)


def _breath(time: float) -> float:
    """A time in the gait that hardly changes: weight goes from one leg to the other."""
    return 0.1 + 0.025 * sin(2 * pi * time)


def stander(pen: Figurine, time: float, inks: Inks) -> None:
    _person(pen, _breath(time), inks, STAND)


def small_stander(pen: Figurine, time: float, inks: Inks) -> None:
    _person(pen, _breath(time), inks, SMALL_STAND, skirt=True)


def sitter(pen: Figurine, time: float, inks: Inks) -> None:
    """On a low stool, a hand on the knee; the chest rises and sinks."""
    lift = 0.006 * sin(2 * pi * time)
    hip, chest, wood = (-0.06, 0.31), (-0.03, 0.58 + lift), mix(inks.body, inks.light, 0.18)
    pen.box(-0.2, 0.22, 0.28, 0.045, wood, 0.01)
    for x in (-0.18, 0.03):
        pen.limb([(x, 0.22), (x, 0.01)], 0.024, wood)
    for aside, ink in ((0.05, mix(inks.body, inks.light, 0.14)), (0.0, inks.body)):
        foot = (0.2 + aside, 0.03)
        pen.limb([hip, (0.19 + aside, 0.31), foot, (foot[0] + 0.08, 0.03)], 0.075, ink)
    pen.limb([(-0.06, 0.33), chest], 0.14, inks.cloth)
    pen.limb([(chest[0], chest[1]), (chest[0] + 0.02, chest[1] + 0.06)], 0.05, inks.body)
    pen.disc(chest[0] + 0.04, chest[1] + 0.12, 0.062, inks.body)
    pen.limb([chest, (0.02, 0.43), (0.15, 0.37)], 0.05, mix(inks.body, inks.cloth, 0.35))


def umbrella(pen: Figurine, time: float, inks: Inks) -> None:
    _person(pen, time, inks, WALK)
    _canopy(pen, time, inks)


def umbrella_stander(pen: Figurine, time: float, inks: Inks) -> None:
    _person(pen, _breath(time), inks, STAND)
    _canopy(pen, time / 2, inks)


def _canopy(pen: Figurine, time: float, inks: Inks) -> None:
    y = 0.94 + 0.01 * sin(4 * pi * time)
    pen.limb([(0.13, 0.6), (0.11, y + 0.12)], 0.014, inks.body)
    dome = [(0.1 + 0.36 * cos(a * pi / 16), y + 0.2 * sin(a * pi / 16)) for a in range(17)]
    scallops = [(0.1 - 0.36 + 0.72 * k / 8, y + (0.025 if k % 2 else 0.0)) for k in range(9)]
    pen.poly(dome + scallops, inks.cloth)


def dancer(pen: Figurine, time: float, inks: Inks) -> None:
    turn = 2 * pi * time
    side, sway = cos(turn), 0.03 * sin(turn)
    pen.limb([(0, 0.5), (0.01, 0.25), (0.0, 0.02)], 0.06, inks.body)
    pen.limb([(0.0, 0.5), (0.2 * side, 0.42), (0.34 * side, 0.5 + 0.06 * sin(turn))], 0.055, inks.body)
    pen.poly(
        [(-0.05, 0.58), (0.05, 0.58), (0.25 + sway, 0.42 + sway), (0.0, 0.38), (-0.25 + sway, 0.42 - sway)], inks.cloth
    )
    pen.limb([(0, 0.52), (sway, 0.76)], 0.1, inks.cloth)
    for arm in (-1, 1):
        pen.limb([(sway, 0.77), (arm * 0.16 * (0.6 + 0.4 * side), 0.9), (arm * 0.07, 1.02)], 0.038, inks.body)
    pen.disc(sway * 1.4, 0.87, 0.055, inks.body)
    pen.disc(sway * 1.4 - 0.03, 0.925, 0.026, inks.body)


def robot(pen: Figurine, time: float, inks: Inks) -> None:
    bob = 0.01 * sin(4 * pi * time)
    step = 0.08 * sin(2 * pi * time)
    steel = mix(inks.body, inks.light, 0.3)
    for side in (-1, 1):
        pen.limb([(side * 0.08, 0.36), (side * 0.09 + side * step, 0.05)], 0.075, inks.body)
        pen.limb([(side * 0.2, 0.64 + bob), (side * 0.24, 0.48), (side * 0.22 - side * step, 0.36)], 0.06, inks.body)
    pen.box(-0.17, 0.34 + bob, 0.34, 0.36, steel, 0.06)
    pen.box(-0.13, 0.74 + bob, 0.26, 0.2, steel, 0.06)
    pen.limb([(0, 0.94 + bob), (0, 1.0 + bob)], 0.015, inks.body)
    pen.disc(0.07, 0.85 + bob, 0.032, inks.lamp)
    pen.disc(-0.04, 0.85 + bob, 0.032, inks.lamp)
    pen.disc(0.0, 0.52 + bob, 0.045, inks.cloth)
