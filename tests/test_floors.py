"""The house stands as it is drawn: imports go downward, and each door is in one room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "pipeline"

SHOOTING = tuple(f"shoot.{name}" for name in ("addresses", "board", "submitter", "asker", "fetcher", "runner", "start"))

FLOWS = ("production", "holdings", "cutting", "shortfall", "mandate", "preview", "saves", "publication", "conversion")

FLOORS = (
    ("errors", "timecode", "digest", "settings", "project", "folders", "lock", "host", "log", "safe_text", "shipped"),
    ("authorities",),  # whom the doors believe
    ("model",),
    ("compiler", "planner", "shoot", "edit", "render"),  # the pure parts of the stages
    ("ports",),
    ("api", "ledger", "media", "publish"),  # the doors
    (*SHOOTING, "render.film"),  # the shells
    (*FLOWS, "review", "access", "starters"),
    ("app", "doctor"),
    ("cli",),
)
"""From the ground up. A module belongs where its longest name stands; it uses its own floor and those below."""

APART = ("api", "ledger", "media", "publish", *SHOOTING, "render.film")
"""Rooms that never use each other, though their floors are near: doors and shells meet in `app`."""

TOGETHER = set(product(SHOOTING, SHOOTING))

FOR_TYPES_ALONE = {("errors", "model.finding"), ("cutting", "render.film"), ("doctor", "app")}

DOORS = {
    "httpx": {"api", "media", "publish", "authorities"},
    "subprocess": {"media", "sandbox", "compiler"},  # the compiler: its cell
    "av": {"media"},
    "sqlite3": {"ledger", "sandbox"},
    "starlette": {"sandbox"},
    "uvicorn": {"sandbox"},
    "moviepy": {"media"},
    "fontTools": {"media"},
    "typer": {"cli"},
    "rich": {"cli"},
}
"""Which rooms may import what leads outside."""


def module_of(path: Path) -> str:
    """Its dotted name inside the package; empty for the package's own `__init__`."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts).removesuffix("__init__").rstrip(".")


def imports() -> Iterator[tuple[str, str, str]]:
    """(module, imported name, where) of every import in the package, late ones and those for types too."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                yield module_of(path), name, f"{path.relative_to(ROOT.parent)}:{getattr(node, 'lineno', 0)}"


def place_of(module: str) -> tuple[int, str]:
    """The floor of a module, and the name under which it stands there."""
    names = [(len(name), floor, name) for floor, rooms in enumerate(FLOORS) for name in rooms if is_in(module, name)]
    _, floor, name = max(names)
    return floor, name


def is_in(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def house_imports() -> Iterator[tuple[str, str, str]]:
    """(module, used module, where) inside the house, the sandbox left out."""
    for module, name, where in imports():
        used = name.removeprefix("pipeline.")
        if name.startswith("pipeline.") and not is_in(module, "sandbox") and not is_in(used, "sandbox") and module:
            yield module, used, where


def test_imports_go_downward() -> None:
    """A module uses what stands below it, never what stands above; doors and shells never use each other."""
    wrong = []
    for module, used, where in house_imports():
        if any(is_in(module, user) and is_in(used, other) for user, other in FOR_TYPES_ALONE):
            continue
        (floor, name), (other_floor, other_name) = place_of(module), place_of(used)
        meets = name != other_name and name in APART and other_name in APART and (name, other_name) not in TOGETHER
        if other_floor > floor or meets:
            wrong.append(f"{where}: {module} uses {used}")
    assert wrong == []


def test_every_module_has_its_floor() -> None:
    """A new room is given its place above."""
    for module, _, _ in imports():
        if module and not is_in(module, "sandbox"):
            place_of(module)


def users_of(prefix: str) -> set[str]:
    """The rooms that import anything below `prefix`."""
    return {module.split(".")[0] for module, name, _ in imports() if is_in(name, prefix)}


def test_the_sandbox_uses_nothing_of_the_house_but_the_painter() -> None:
    """It is an independent reading of the contract."""
    used = {name.split(".")[1] for module, name, _ in imports() if is_in(module, "sandbox") and is_in(name, "pipeline")}
    assert used <= {"sandbox", "media"}


def test_only_the_composition_root_and_its_command_use_the_sandbox() -> None:
    """The client cannot tell it from the vendor."""
    assert users_of("pipeline.sandbox") <= {"sandbox", "app", "cli"}


@pytest.mark.parametrize("library", DOORS)
def test_each_way_out_has_its_door(library: str) -> None:
    """What talks to the outside is imported in one room."""
    assert users_of(library) <= DOORS[library]


def test_the_environment_is_read_in_one_place() -> None:
    """Only `settings` looks at it."""
    users = {path.name for path in ROOT.rglob("*.py") if "os.environ" in path.read_text(encoding="utf-8")}
    assert users <= {"settings.py"}
