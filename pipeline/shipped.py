"""What comes along with the package and is no Python: shared templates, starters, the language page, the schemas.

In a checkout these lie beside the package; an installed wheel carries them inside, in the same order of folders.
Nobody else asks which of the two it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parent


def shipped_dir() -> Path:
    """The folder that holds `templates/` and `docs/`."""
    packed = _PACKAGE / "_shipped"
    return packed if packed.is_dir() else _PACKAGE.parent


def language_path() -> Path:
    """The whole language on one page."""
    return shipped_dir() / "docs" / "language.md"


def findings_path() -> Path:
    """Every rule explained, on one page."""
    return shipped_dir() / "docs" / "findings.md"


def starters_dir() -> Path:
    """One folder a starter project."""
    return shipped_dir() / "templates" / "starters"


def workspace_files() -> Iterator[str]:
    """What every workspace has beside its projects, relative to its root: templates, language page and schemas."""
    for pattern in ("templates/*.jinja", "docs/language.md", "docs/schemas/*.json"):
        yield from sorted(path.relative_to(shipped_dir()).as_posix() for path in shipped_dir().glob(pattern))
