"""The pictures that go with prompts, by content: files of the project, and late frames of clips in the store.

Keeps the promises of `ports.Pictures`. A frame's identity is remembered by its clip, so that a plan needs no decoder.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pipeline.digest import ContentHash, hash_file
from pipeline.errors import MachineError, PublishError
from pipeline.host import write_whole
from pipeline.ports import Picture
from pipeline.project import ProjectPaths, StorePaths
from pipeline.timecode import Frames

SIGNATURES: Final = {
    ".png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    ".jpg": re.compile(rb"\xff\xd8\xff"),
    ".webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
}
"""How the files begin that are published; a name says nothing."""

MAX_BYTES: Final = 64_000_000  # a hole in the disk of any size is quickly made, and slowly read

_HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(slots=True)
class PromptPictures:
    """The pictures of `project`; its files are looked at once a run, so that a plan holds for as long as it."""

    project: ProjectPaths
    store: StorePaths
    _files: dict[str, ContentHash] = field(init=False, default_factory=dict)
    _frames: dict[ContentHash, tuple[ContentHash, Frames]] = field(init=False, default_factory=dict)

    def of_file(self, file: str) -> ContentHash:
        if file not in self._files:
            path = self.project.root / file
            try:
                if path.stat().st_size > MAX_BYTES:
                    raise MachineError(f"{path} is larger than {MAX_BYTES:,} bytes, as no picture for a prompt is.")
                self._files[file] = hash_file(path)
            except OSError as error:
                raise MachineError(f"{path} cannot be read: {error.strerror}.") from error
        return self._files[file]

    def of_frame(self, clip: ContentHash, frame: Frames) -> ContentHash | None:
        sha256 = self._remembered(clip, frame) or self._cut_out(clip, frame)
        if sha256 is not None:
            self._frames[sha256] = (clip, frame)
        return sha256

    def find(self, sha256: ContentHash) -> Picture:
        for file, known in self._files.items():
            if known == sha256:
                return _checked(sha256, self.project.root / file, self.project.root, told=file)
        clip, frame = self._frames[sha256]
        path = self.store.picture_path(sha256)
        if not path.is_file():
            self._cut_out(clip, frame)
        return _checked(sha256, path, self.store.root, told=str(path))

    def _remembered(self, clip: ContentHash, frame: Frames) -> ContentHash | None:
        try:
            noted = self.store.frame_note_path(clip, frame).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return None
        return ContentHash(noted) if _HASH.fullmatch(noted) else None

    def _cut_out(self, clip: ContentHash, frame: Frames) -> ContentHash | None:
        """Take the frame out of its clip and remember which picture it is; None without the clip."""
        clip_path = self.store.take_path(clip)
        if not clip_path.is_file():
            return None
        from pipeline.media.late_frames import cut_out  # PyAV is heavy, and most plans need no frame

        png = cut_out(clip_path, frame)
        sha256 = ContentHash(hashlib.sha256(png).hexdigest())
        write_whole(self.store.picture_path(sha256), png)
        write_whole(self.store.frame_note_path(clip, frame), sha256.encode())
        return sha256


def _checked(sha256: ContentHash, path: Path, home: Path, *, told: str) -> Picture:
    """The picture at `path`, if the world may see it: a project from elsewhere may name any file as a picture.

    Raises:
        PublishError: it is not what it was, no picture, or a link that leads out of `home`.
    """
    try:
        content = path.read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise PublishError(f"{told} is gone or has changed since this run began.", "Run again.")
    if not path.resolve().is_relative_to(home.resolve()):
        raise PublishError(f"{told} leads out of the project.", "Put the picture itself there, not a link to it.")
    suffix = next((suffix for suffix, begins in SIGNATURES.items() if begins.match(content)), None)
    if suffix is None:
        raise PublishError(f"{told} is no PNG, JPEG or WebP.", "Save it as one of these.")
    return Picture(sha256=sha256, path=path, told=told, suffix=suffix)
