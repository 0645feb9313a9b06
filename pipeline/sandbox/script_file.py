"""Reads a fault script from YAML or JSON.

rules:
  - {door: generate, fault: cut, at_byte: 40, end: reset, nth: 2}
chance: 0.03
kinds: [drop, error]     # of what is drawn; left out: anything
seed: 7
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pipeline.sandbox.chance import Chance
from pipeline.sandbox.faults import Rule
from pipeline.sandbox.script import FaultScript


@dataclass(frozen=True, slots=True)
class _Written:
    __pydantic_config__ = ConfigDict(extra="forbid")

    rules: tuple[Rule, ...] = ()
    chance: float = 0.0
    kinds: tuple[str, ...] | None = None
    seed: int = 0


def read_script(path: Path) -> FaultScript:
    """The script in the file. Raises ValueError with what is wrong and where, OSError if it cannot be read."""
    try:
        written = TypeAdapter(_Written).validate_python(YAML(typ="safe", pure=True).load(path.read_text()) or {})
    except YAMLError as error:
        raise ValueError(f"{path} is no YAML: {error}") from None
    except ValidationError as error:
        raise ValueError("\n".join(f"{path}: {_in_words(problem)}" for problem in error.errors())) from None
    rules = [rule if rule.file is None else replace(rule, file=str(path.parent / rule.file)) for rule in written.rules]
    for rule in rules:
        if rule.file is not None and not Path(rule.file).is_file():
            raise ValueError(f"{path}: there is no file {rule.file} to serve.")
    return FaultScript(*rules, chance=Chance(written.chance, written.seed, written.kinds), seed=written.seed)


def _in_words(problem: object) -> str:
    assert isinstance(problem, dict)  # noqa: S101 - as pydantic gives them
    place = ".".join(map(str, problem["loc"]))
    return f"{place or 'the file'}: {problem['msg'].removeprefix('Value error, ')}"
