"""What compiling costs: storyboards of 21 shots, validated and linted, against the same text in Jinja alone.

Side by side in one run, film by film: each is read cold, in an environment of its own, as a command would. The time is
that of the processor, so that a busy machine does not count. YAML is measured apart and taken off ours, for Jinja
reads none; so is the start of a process.

    python benchmarks/compiling.py [--films 1000]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import DictLoader, Environment

sys.path.insert(0, str(Path(__file__).parent))

from storyboards import BIBLE, CAMERA, CONTEXT, PROJECT, Written, storyboard

from pipeline.compiler import Sources, compile_storyboard
from pipeline.compiler.cell import Cell
from pipeline.compiler.findings import Findings
from pipeline.compiler.yaml_tree import read_yaml

MOST_TIMES_JINJA: Final = 8.0
MOST_GROWTH: Final = 1.25  # of the time for one item or one film, from the least to the most of them


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of the processor for one film, each the mean of a run.

    Attributes:
        ours: without YAML.
        called, prose: Jinja alone, see `storyboards.Written`.
    """

    ours: float
    called: float
    prose: float
    yaml: float


def measure(films: int, items: int) -> Cost:
    """The cost of one film of so many items, over `films` different ones."""
    sums = [0.0, 0.0, 0.0, 0.0]
    for seed in range(films):
        written = storyboard(seed, items)
        steps: tuple[Callable[[], object], ...] = (
            lambda written=written: compile_storyboard(written.sources),  # type: ignore[misc]
            lambda written=written: render_bare(written.called),  # type: ignore[misc]
            lambda written=written: render_bare(written.prose),  # type: ignore[misc]
            read_both_yaml,
        )
        for at, step in enumerate(steps):
            started_at = time.process_time()
            step()
            sums[at] += time.process_time() - started_at
    whole, called, prose, yaml = (seconds / films for seconds in sums)
    return Cost(whole - yaml, called, prose, yaml)


def render_bare(text: str) -> str:
    """What Jinja makes of `text`, cold."""
    environment = Environment(loader=DictLoader({"storyboard.jinja": text, "camera.jinja": CAMERA}))  # noqa: S701
    return environment.get_template("storyboard.jinja").render(**CONTEXT, tag=_tag)


def check_same_text(written: Written) -> None:
    """Both sides must say the same words, or one of them is measured at something else."""
    called, prose = (" ".join(render_bare(text).split()) for text in (written.called, written.prose))
    for shot in compile_storyboard(written.sources).storyboard.shots:
        words = " ".join(shot.prompt.removesuffix(CONTEXT["film"]).split())
        assert words in called and words in prose, words


def _tag(*_: object, caller: Callable[[], str] | None = None, **__: Any) -> str:
    return caller() if caller else ""


def read_both_yaml() -> None:
    """What of a compile is YAML."""
    findings = Findings(Sources(project="yaml", texts={}))
    for path, text in (("project.yaml", PROJECT), ("bible.yaml", BIBLE)):
        read_yaml(text, path, findings)


def seconds_in_a_cell(written: Written) -> tuple[float, float]:
    """Wall time of the first compile in a cell, its start included, and of the second."""
    started_at = time.perf_counter()
    with Cell() as cell:
        cell.compile(written.sources)
        first_at = time.perf_counter()
        cell.compile(written.sources)
        return first_at - started_at, time.perf_counter() - first_at


def main() -> int:
    parser = argparse.ArgumentParser(description="What compiling a storyboard costs.")
    parser.add_argument("--films", type=int, default=1_000)
    films = parser.parse_args().films
    few = max(1, films // 10)
    check_same_text(storyboard(0, 21))  # also brings in what is imported late

    print(
        f"{'films':>6} {'items':>6} {'ours':>9} {'an item':>9} {'Jinja, calls':>13} {'Jinja, prose':>13}  ours : Jinja"
    )
    costs = {(count, items): _told(count, items) for count, items in ((few, 21), (films, 21), (few, 42), (few, 84))}
    start, again = seconds_in_a_cell(storyboard(0, 21))
    print(f"\nYAML, taken off: {costs[films, 21].yaml * 1e3:.1f} ms a film.")
    print(f"In a cell, on the clock: {start * 1e3:.0f} ms with its start, {again * 1e3:.0f} ms for the next film.")

    kept = {
        f"at most {MOST_TIMES_JINJA:g} × Jinja": costs[films, 21].ours / costs[films, 21].called < MOST_TIMES_JINJA,
        f"at most {MOST_TIMES_JINJA:g} × its prose alone": costs[films, 21].ours / costs[films, 21].prose
        < MOST_TIMES_JINJA,
        "linear in items": costs[few, 84].ours / 84 < MOST_GROWTH * costs[few, 21].ours / 21,
        "linear in films": costs[films, 21].ours < MOST_GROWTH * costs[few, 21].ours,
    }
    for claim, is_kept in kept.items():
        print(f"{'kept ' if is_kept else 'BROKEN'} {claim}")
    return 0 if all(kept.values()) else 1


def _told(films: int, items: int) -> Cost:
    cost = measure(films, items)
    print(
        f"{films:6} {items:6} {cost.ours * 1e3:6.1f} ms {cost.ours / items * 1e3:6.2f} ms {cost.called * 1e3:10.1f} ms"
        f" {cost.prose * 1e3:10.1f} ms  {cost.ours / cost.called:.2f}, {cost.ours / cost.prose:.2f}",
        flush=True,
    )
    return cost


if __name__ == "__main__":
    sys.exit(main())
