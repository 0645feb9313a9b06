"""The workspace's `storyreel.yaml`: the publisher that it names, what is known of the vendor, the room of the cache.

cache: {keep: 20GB}
vendor: {every_call_counts: false, one_question_for_all: true, asks_before_lost: 8, address_minutes: 20}
publisher: {kind: static, folder: /srv/www/pictures, base_url: https://example.com/pictures}
publisher: {kind: command, command: [aws-put, "{file}", "{name}"], seconds: 120}
publisher: {kind: manual}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from pipeline.digest import fingerprint
from pipeline.errors import UsageError
from pipeline.model.capabilities import Capabilities
from pipeline.model.value import Value
from pipeline.ports import Publisher
from pipeline.project import StorePaths
from pipeline.publish.address import what_is_wrong_with
from pipeline.publish.command import Uploader
from pipeline.publish.manual import ByHand
from pipeline.publish.memory import Memory, Remembering
from pipeline.publish.static import StaticFolder

MAX_BYTES: Final = 100_000
KINDS: Final = ("static", "command", "manual")

_SAID: Final = {
    "missing": "it is missing",
    "extra_forbidden": "nothing of this name is known here",
    "union_tag_not_found": f"it needs a kind, one of {', '.join(KINDS)}",
    "union_tag_invalid": f"its kind is none of {', '.join(KINDS)}",
    "model_attributes_type": "it has to be written in braces, such as {kind: manual}",
    "model_type": 'it has to hold "publisher:" and what follows',
    "string_type": "it has to be text in quotes",
    "tuple_type": 'it has to be a list, such as [my-upload, "{file}"]',
}
"""Kinds of slips, as clauses; the others say themselves what they are."""


_UNITS: Final = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_SIZE: Final = re.compile(r"(?P<number>\d{1,9}(\.\d{1,3})?) ?(?P<unit>[KMGT]?B)", re.IGNORECASE | re.ASCII)


def _public(url: str) -> str:
    if problem := what_is_wrong_with(url):
        raise ValueError(f'"{url}" cannot be used: {problem}')
    return url


def _names_the_file(command: tuple[str, ...]) -> tuple[str, ...]:
    if not any("{file}" in word for word in command[1:]):
        raise ValueError('one of its words after the first has to hold "{file}", the picture to upload')
    return command


def _bytes(written: object) -> int:
    """The bytes that "20GB" or "1.5 TB" stand for."""
    found = _SIZE.fullmatch(str(written).strip())
    if not found:
        raise ValueError(f'"{written}" is no size: write it as 20GB or 500MB')
    return int(Decimal(found["number"]) * _UNITS[found["unit"].upper()])


class Static(Value):
    kind: Literal["static"]
    folder: Path
    base_url: Annotated[str, AfterValidator(_public)]


class Command(Value):
    kind: Literal["command"]
    command: Annotated[tuple[str, ...], AfterValidator(_names_the_file)]
    seconds: float = Field(default=120, gt=0, le=3600)


class Manual(Value):
    kind: Literal["manual"]


Named = Annotated[Static | Command | Manual, Field(discriminator="kind")]


class Cache(Value):
    """Attributes: keep: what the render cache of a world may take of the disk between two runs, in bytes."""

    keep: Annotated[int, BeforeValidator(_bytes)] = 20_000_000_000


class WorkspaceFile(Value):
    """What `storyreel.yaml` may hold."""

    publisher: Named | None = None
    vendor: Capabilities = Capabilities()
    cache: Cache = Cache()


def read_workspace_file(path: Path) -> WorkspaceFile:
    """The settings at `path`; empty ones if there is no such file. Raises UsageError."""
    try:
        text = path.read_bytes()[: MAX_BYTES + 1]
        if len(text) > MAX_BYTES:
            raise UsageError(f"{path.name} is larger than {MAX_BYTES:,} bytes, which no settings are.")
        written = YAML(typ="safe", pure=True).load(text)
        return WorkspaceFile.model_validate(written or {})
    except FileNotFoundError:
        return WorkspaceFile()
    except ValidationError as error:
        raise UsageError("\n".join(_sentences(path, error))) from error
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        reason = (error.problem if isinstance(error, MarkedYAMLError) else None) or str(error)
        raise UsageError(f"{_place(path, error)}: this cannot be read as YAML ({reason}).") from error


def publisher_of(
    named: Named | None, workspace: Path, store: StorePaths, environment: Mapping[str, str]
) -> Publisher | None:
    """The publisher behind a setting, with its memory in `store`; None where nobody named one."""
    match named:
        case Static():
            return StaticFolder(workspace / named.folder, named.base_url)
        case Command():
            uploader = Uploader(named.command, workspace, environment, named.seconds)
            return Remembering(uploader, memory_of(named, store))
        case Manual():
            return Remembering(ByHand(), memory_of(named, store))
        case None:
            return None


def memory_of(named: Command | Manual, store: StorePaths) -> Memory:
    """What this publisher gave before; another command has another memory, another time limit has not."""
    return Memory(store, fingerprint(named.model_dump(mode="json", exclude={"seconds"})))


def _place(path: Path, error: Exception) -> str:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    return f"{path.name}:{mark.line + 1}" if mark else path.name


def _sentences(path: Path, error: ValidationError) -> Iterator[str]:
    for each in error.errors():
        at, *further = [str(step) for step in each["loc"]] or ["all of it"]
        said = _SAID.get(each["type"]) or each["msg"].removeprefix("Value error, ")
        steps = further[1:] if at == "publisher" else further  # a publisher's second step names its kind again
        yield f"{path.name}: {'.'.join((at, *steps))}: {said}."
    if any(each["loc"][:1] == ("publisher",) for each in error.errors()):
        yield "storyreel publish --help shows how each kind is written."
