"""What is laid over the picture: titles, captions, logos, each over a run of film frames. Pure; `media` draws them.

Only frames under a drawing are touched by it. What is the same in every frame of a span is known by its looks alone, so
that a shot that moves under a logo is not encoded again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.model.delivery import CaptionStyle
from pipeline.model.timeline import LogoOverlay, Timeline
from pipeline.render.captions import Cue, plan_captions
from pipeline.render.encoding import SETTINGS
from pipeline.timecode import FrameRange, Frames


class Setting(StrEnum):
    """How words are set, and where."""

    CENTER = "center"
    LOWER = "lower"
    UPPER = "upper"
    CAPTION = "caption"
    CAPTION_ABOVE = "caption above"  # where a title stands below


@dataclass(frozen=True, slots=True)
class Words:
    """A title's or a caption's."""

    text: str
    setting: Setting


@dataclass(frozen=True, slots=True)
class Drawing:
    """Words or a logo over the film.

    Attributes:
        place: in film frames.
        fade: frames over which it comes, and over which it goes.
    """

    what: Words | LogoOverlay
    place: FrameRange
    fade: Frames = 0

    def within(self, place: FrameRange) -> DrawnPart | None:
        """What of it is seen in the film frames `place`, if anything."""
        both = self.place.overlap(place)
        if both is None:
            return None
        return DrawnPart(self.what, both.shifted(-self.place.start), len(self.place), self.fade)


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """A drawing in a span.

    Attributes:
        shown: of the drawing's own `frames`, those that fall into the span.
    """

    what: Words | LogoOverlay
    shown: FrameRange
    frames: Frames
    fade: Frames

    @property
    def is_steady(self) -> bool:
        """Whether it is the same in every frame that is shown."""
        return self.fade <= self.shown.start and self.shown.stop <= self.frames - self.fade

    @property
    def body(self) -> dict[str, object]:
        """What a Fingerprint is made over."""
        body = _logo_body(self.what) if isinstance(self.what, LogoOverlay) else _words_body(self.what)
        if not self.is_steady:
            body |= {"start": self.shown.start, "stop": self.shown.stop, "frames": self.frames, "fade": self.fade}
        return body


def plan_drawings(timeline: Timeline) -> tuple[Drawing, ...]:
    """In the order in which they are painted, the lowest first."""
    burnt = _captions(timeline) if timeline.delivery.captions is CaptionStyle.BURN else ()
    return (*_logos(timeline), *burnt, *_titles(timeline))


def _titles(timeline: Timeline) -> Iterator[Drawing]:
    for clip, place in zip(timeline.clips, timeline.places, strict=True):
        for overlay in clip.overlays:
            shown = FrameRange(overlay.start, overlay.stop).shifted(place.start)
            yield Drawing(Words(overlay.text, Setting(overlay.place)), shown, _fade(shown))


def _captions(timeline: Timeline) -> Iterator[Drawing]:
    """They come and go at once, as captions do."""
    cues = plan_captions(timeline)
    for cue, setting in zip(cues, caption_settings(timeline, cues), strict=True):
        yield Drawing(Words("\n".join(cue.lines), setting), cue.place)


def caption_settings(timeline: Timeline, cues: Sequence[Cue]) -> list[Setting]:
    """Where each of the film's cues is read: they make room for a title that stands below."""
    titles = ((title.what, title.place) for title in _titles(timeline))
    below = [place for what, place in titles if isinstance(what, Words) and what.setting is Setting.LOWER]
    crowded = (any(cue.place.overlap(place) for place in below) for cue in cues)
    return [Setting.CAPTION_ABOVE if is_crowded else Setting.CAPTION for is_crowded in crowded]


def _logos(timeline: Timeline) -> Iterator[Drawing]:
    """One that is there from the first frame to the last does not come and go."""
    whole = FrameRange(0, timeline.frames)
    for logo in timeline.logos:
        shown = FrameRange(logo.start, logo.stop)
        yield Drawing(logo, shown, 0 if shown == whole else _fade(shown))


def _fade(shown: FrameRange) -> Frames:
    return min(SETTINGS.title_fade, len(shown) // 3)


def _words_body(words: Words) -> dict[str, object]:
    return {"text": words.text, "place": words.setting}


def _logo_body(logo: LogoOverlay) -> dict[str, object]:
    return {"logo": logo.sha256, "corner": logo.corner, "width": logo.width}
