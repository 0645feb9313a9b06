"""The author's own files (footage, music, voices, logos): looked at once a content, and remembered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pipeline.digest import hash_file
from pipeline.errors import MachineError
from pipeline.host import write_whole
from pipeline.model.media import FileKind, Media, MediaInfo
from pipeline.project import StorePaths


@dataclass(frozen=True, slots=True)
class Library:
    """Answers from `looked_at/` of the store; a file is decoded again only when its bytes change."""

    paths: StorePaths

    def look_at(self, path: Path, kind: FileKind = FileKind.CLIP) -> Media:
        """What `path` holds; decodes all of it the first time.

        Raises:
            MediaError: it does not decode, or lacks what is asked for.
            MachineError: it cannot be read.
        """
        if path.exists() and not path.is_file():
            raise MachineError(f"{path} is a folder, a pipe or a device, and no file. Put the file itself there.")
        try:
            sha256 = hash_file(path)
        except OSError as error:
            raise MachineError(f"{path} cannot be read: {error.strerror}.") from error
        note_path = self.paths.note_path(sha256, kind)
        try:
            return Media.model_validate_json(note_path.read_bytes())
        except (OSError, ValidationError):
            media = Media(sha256=sha256, size_bytes=path.stat().st_size, info=_inspect(path, kind))
        write_whole(note_path, media.model_dump_json().encode())
        return media


def _inspect(path: Path, kind: FileKind) -> MediaInfo:
    """Decode all of it. What that takes is loaded only now: most files were looked at before."""
    if kind is FileKind.STILL:
        from pipeline.media.stills import inspect_still

        return inspect_still(path)
    from pipeline.media.probe import inspect

    return inspect(path, has_picture=kind is FileKind.CLIP)
