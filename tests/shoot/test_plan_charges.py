"""A plan says beforehand what the server's own logs then show, edit after edit, over a real socket."""

from __future__ import annotations

import json
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from backlot import Backlot, open_backlot
from builders import a_shot, a_storyboard

from pipeline.errors import UsageError
from pipeline.model.circle import Circle
from pipeline.model.instructions import Continuation
from pipeline.model.plan import PAID, Decision
from pipeline.model.storyboard import AspectRatio, GenerationType, Resolution, Shot, Storyboard
from pipeline.project import World

FILMS, EDITS = 5, 1
RETAKES, CIRCLES = 0.3, 0.1
TORTURE_FILMS, TORTURE_EDITS = 50, 4
WORDS = ("Dawn.", "Dusk.", "Rain.", "A crowd.", "A lake.", "Fail. [sandbox: fail]")


@dataclass
class Author:
    """Writes a film and edits it; words are few, so that equal shots and prompts edited back come up often."""

    dice: random.Random
    whims: random.Random  # apart, so that the films of a seed stay as they are

    def film(self) -> Storyboard:
        shots: list[Shot] = []
        for n in range(self.dice.randint(1, 6)):
            shots.append(self._shot(f"shot{n}", shots))
        resolution = self.dice.choice([Resolution.HD, Resolution.HD, Resolution.UHD])
        return a_storyboard(*shots, resolution=resolution)

    def edited(self, film: Storyboard) -> Storyboard:
        """One edit: a prompt, the order, a shot more or less, or the aspect of the film."""
        shots, place = list(film.shots), self.dice.randrange(len(film.shots))
        match self.dice.randrange(6):
            case 0 | 1:
                shots[place] = shots[place].model_copy(update={"prompt": self._prompt()})
            case 2:
                self.dice.shuffle(shots)
            case 3:
                shots.append(self._shot(f"more{self.dice.randrange(10**6)}", shots))
            case 4 if not any(shot.continues and shot.continues.shot == shots[place].id for shot in shots):
                del shots[place]
            case 5:
                tall = film.aspect is AspectRatio.WIDE
                return film.model_copy(update={"aspect": AspectRatio.TALL if tall else AspectRatio.WIDE})
        return film.model_copy(update={"items": tuple(shots) or film.items})

    def only(self, film: Storyboard) -> frozenset[str] | None:
        """Now and then a run is for some shots alone."""
        if self.dice.random() < 0.8:
            return None
        return frozenset(shot.id for shot in film.shots[: self.dice.randint(1, 4)])

    def ask_for_retakes(self, lot: Backlot, film: Storyboard) -> int:
        """Of some shots that can have one, with a note or without; how many."""
        asked = 0
        for shot in film.shots:
            if self.whims.random() < RETAKES:
                with suppress(UsageError):
                    lot.ask_for_retake(film, shot.id, self.whims.choice(["", "Slower."]))
                    asked += 1
        return asked

    def circles(self, lot: Backlot, film: Storyboard) -> dict[str, Circle]:
        """Of some shots, of any clip that has landed."""
        takes, chosen = lot.landed(), {}
        for shot in film.shots:
            if takes and self.whims.random() < CIRCLES:
                take = self.whims.choice(takes)
                circle = Circle(world=World.SANDBOX, shot=shot.id, slate=take.slate, sha256=take.sha256)
                chosen[shot.id] = circle
        return chosen

    def _shot(self, name: str, earlier: list[Shot]) -> Shot:
        if not earlier or self.dice.random() < 0.6:
            return a_shot(name, prompt=self._prompt())
        continues = Continuation(shot=self.dice.choice(earlier).id, frame=self.dice.choice([0, 0, -2]))
        return a_shot(name, prompt=self._prompt(), continues=continues, generation=GenerationType.FRAMES)

    def _prompt(self) -> str:
        return " ".join(self.dice.choices(WORDS, weights=(8, 8, 8, 8, 8, 1), k=2))


def logged(lot: Backlot, name: str) -> list[dict[str, Any]]:
    log = lot.root / "server" / name
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def bought(lot: Backlot) -> tuple[int, int]:
    """Credits charged and generate calls answered, since the server began."""
    charged = sum(line["credits"] for line in logged(lot, "charges.jsonl") if line["kind"] == "charge")
    return charged, sum(line["path"].endswith("/generate") for line in logged(lot, "requests.jsonl"))


def check_run(lot: Backlot, film: Storyboard, **options: Any) -> Counter[Decision]:
    """Plan, run, and hold what was bought against the plan: exactly, or up to where something waited."""
    plan, (credits_before, calls_before) = lot.plan(film, **options), bought(lot)
    lot.shoot(film, together=plan.shots_per_request, **options)  # the hour may have more room than a moment ago
    credits_after, calls_after = bought(lot)
    charged, called = credits_after - credits_before, calls_after - calls_before
    at_once = -(-len(plan.decided(*PAID)) // plan.shots_per_request)
    assert plan.credits_now <= charged <= plan.credits, (plan, charged)
    assert at_once <= called <= plan.calls, (plan, called)
    if not plan.decided(Decision.WAITS):
        assert (charged, called) == (plan.credits, plan.calls)
    assert lot.plan(film, **options).credits == 0, "a run leaves nothing to pay"
    return Counter(row.decision for row in plan.shots)


def check_films(root: Path, films: int, edits: int, seed: int) -> Counter[Decision]:
    """How often each decision was held against the logs."""
    author, seen, asked = Author(random.Random(seed), random.Random(seed)), Counter[Decision](), 0
    for n in range(films):
        with open_backlot(root / str(n), {"one": 40, "two": 90, "three": 140}) as lot:
            film = author.film()
            seen += check_run(lot, film)
            for _ in range(edits):
                asked += author.ask_for_retakes(lot, film)
                film = author.edited(film)
                seen += check_run(lot, film, only=author.only(film), circles=author.circles(lot, film))
    assert asked, "some shots had a retake"
    return seen


def test_a_plan_says_what_is_charged_and_called(tmp_path: Path) -> None:
    """A few films, each edited once."""
    seen = check_films(tmp_path, FILMS, EDITS, seed=7)
    assert {Decision.SHOOT, Decision.STALE, Decision.WAITS, Decision.REUSE} <= set(seen)


@pytest.mark.torture
def test_fifty_plans_say_what_is_charged_and_called(tmp_path: Path) -> None:
    """Other films every time; the seed is printed."""
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    print(dict(check_films(tmp_path, TORTURE_FILMS, TORTURE_EDITS, seed)))
