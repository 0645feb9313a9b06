"""Reads a picture for a publisher: what is shown to the world is what the plan was made with, to the byte."""

from __future__ import annotations

import hashlib

from pipeline.errors import PublishError
from pipeline.ports import Picture


def content_of(picture: Picture) -> bytes:
    """The picture's bytes. Raises PublishError: it cannot be read, or was saved anew since it was planned with."""
    try:
        content = picture.path.read_bytes()
    except OSError as error:
        raise PublishError(f"{picture.told} cannot be read: {error.strerror}.") from error
    if hashlib.sha256(content).hexdigest() != picture.sha256:
        raise PublishError(f"{picture.told} was changed while it was being published.", "Run again.")
    return content
