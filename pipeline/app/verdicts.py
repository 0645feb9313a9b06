"""What the compiler said of a project's texts, remembered: who changes no word need not wait for it again."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pydantic

import pipeline
from pipeline.compiler.cell_wire import Case, Verdict
from pipeline.digest import Fingerprint, fingerprint
from pipeline.errors import MachineError
from pipeline.host import write_whole
from pipeline.project import StorePaths

MOST: Final = 300
"""Verdicts that are kept, the latest ones: those of a season of films and some edits, some tens of megabytes."""


@dataclass(frozen=True, slots=True)
class KeptVerdicts:
    """Answers from `compiled/` of the store, by all that a compile sees and by what the compiler is.

    A verdict that cannot be read or kept is done without.
    """

    paths: StorePaths

    def recall(self, case: Case) -> Verdict | None:
        with suppress(OSError, ValueError):
            return Verdict.model_validate_json(self._path_of(case).read_bytes())
        return None

    def keep(self, case: Case, verdict: Verdict) -> None:
        with suppress(OSError, ValueError, MachineError):
            write_whole(self._path_of(case), verdict.model_dump_json().encode())
            for path in self._kept()[:-MOST]:
                path.unlink(missing_ok=True)

    def _path_of(self, case: Case) -> Path:
        seen = json.dumps(case.to_plain(), sort_keys=True)
        return self.paths.verdict_path(fingerprint({"compiler": compiler(), "case": seen}))

    def _kept(self) -> list[Path]:
        """Oldest first."""
        return sorted(self.paths.verdicts_dir.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)


@cache
def compiler(root: Path = Path(pipeline.__file__).parent) -> Fingerprint:
    """What a verdict depends on beside the case: another file, or another package beside them, is another compiler."""
    packages = Path(pydantic.__file__).parents[1]
    files = sorted((*root.glob("*.py"), *root.glob("compiler/*.py"), *root.glob("model/*.py")))
    return fingerprint([sys.version, packages.stat().st_mtime_ns, *map(_told, files)])


def _told(file: Path) -> str:
    seen = file.stat()
    return f"{file.name} {seen.st_size} {seen.st_mtime_ns}"
