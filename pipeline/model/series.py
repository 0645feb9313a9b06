"""Series: the films of a project that holds more than one, as they are listed; what each asks for is a Storyboard."""

from __future__ import annotations

import re
from typing import Final

from pydantic import Field

from pipeline.model.finding import Source
from pipeline.model.value import Value

MAX_FILMS: Final = 500
"""Of one series; above it somebody has multiplied more than they meant."""

EPISODE_PATTERN: Final = re.compile(r"[^\W_][\w-]*")
"""A name of an episode or of a variant: one part of an id, without dots, for it becomes the first part of one."""


class Episode(Value):
    """One film of a series.

    Attributes:
        name: its id in the series and those of its variants, joined by "-": "s01e01", "de-short", "s01e01-de-short".
        title: as people read it.
        storyboard: the path of its own, relative to the project's folder; "" for the one that the films share.
        source: where it is listed.
    """

    name: str = Field(pattern=re.compile(rf"^{EPISODE_PATTERN.pattern}\Z"))
    title: str
    storyboard: str = ""
    source: Source


class Series(Value):
    """The films of one project, in the order in which they are listed; no two have the same name.

    Attributes:
        project: the name of the project's folder.
    """

    project: str
    title: str
    episodes: tuple[Episode, ...] = Field(min_length=1)
