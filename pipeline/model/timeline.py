"""Timeline: which frames of which media stand where in the film. Made by `edit`, read by `render` and `review`."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from pipeline.digest import ContentHash, Fingerprint, fingerprint
from pipeline.model.delivery import FILLING, Delivery, Fit, Format, Platform
from pipeline.model.instructions import Ducking, Mends, Sound
from pipeline.model.join import Join
from pipeline.model.media import Media
from pipeline.model.storyboard import Corner, TitlePlace
from pipeline.model.value import Document, Value
from pipeline.timecode import SAMPLES_PER_FRAME, FrameRange, Frames, Samples


class Overlay(Value):
    """A title as frames `start` … `stop - 1` of its clip, counted from the clip's first used frame."""

    text: str
    place: TitlePlace
    start: Frames
    stop: Frames


class CaptionOverlay(Value):
    """Words that are heard in frames `start` … `stop - 1` of a clip, counted from the clip's first used frame."""

    text: str
    speaker: str = ""
    start: Frames
    stop: Frames


class Crop(Value):
    """The part of a media's picture that is used, in its own pixels; all even."""

    left: int
    top: int
    width: int
    height: int


class ColourMatch(Value):
    """What Y, U and V as coded become, each by itself: gain × value + offset, in 8-bit levels."""

    gains: tuple[float, float, float]
    offsets: tuple[float, float, float]


class Clip(Value):
    """Media on the timeline.

    Attributes:
        item: the storyboard item's id.
        media: None while its take has not landed: then it stands there with the length it will have.
        file: for footage, relative to the project's folder; empty for takes and cards.
        text, ground: of a card, which has no media of its own.
        start, stop: the used frames in the media's film-rate time, half-open.
        dropped: frames before `start` that a mend has left out.
        crop, match: mends of its picture; None for none.
        join: how it follows the clip before it; a cut for the first.
        fit: how its picture is brought into the film's shape; a card is drawn for the shape, whatever this says.
        lead: how many frames its sound begins before its picture.
        lag: how many frames the sound of the clip before goes on after its own picture.
    """

    item: str
    scene: str
    kind: Literal["shot", "footage", "card"]
    media: Media | None = None
    file: str = ""
    text: str = ""
    ground: str = ""
    start: Frames = Field(ge=0)
    stop: Frames
    dropped: Frames = 0
    crop: Crop | None = None
    match: ColourMatch | None = None
    join: Join = Join()
    lead: Frames = 0
    lag: Frames = 0
    sound: Sound = Sound()
    mend: Mends = Mends()
    overlays: tuple[Overlay, ...] = ()
    captions: tuple[CaptionOverlay, ...] = ()
    fit: Fit = FILLING

    @property
    def frames(self) -> Frames:
        return self.stop - self.start

    @property
    def is_landed(self) -> bool:
        return self.media is not None or self.kind == "card"


class MusicTrack(Value):
    """Music that begins at film frame `start` and goes on to the film's end, looped.

    Attributes:
        used_start, used_stop: what is heard of it, half-open, in film frames of the file's own time; None: to its end.
    """

    media: Media
    file: str
    start: Frames = 0
    used_start: Frames = 0
    used_stop: Frames | None = None
    gain_db: float
    duck: Ducking = Ducking()
    fade_in: Frames
    fade_out: Frames


class NarrationTrack(Value):
    """A voice that begins at film frame `start`; `used` are the frames of its own time that are heard.

    Attributes:
        used_start, used_stop: half-open, in film frames of the file's own time.
    """

    media: Media
    file: str
    start: Frames
    used_start: Frames
    used_stop: Frames
    gain_db: float


class LogoOverlay(Value):
    """A still picture over film frames `start` … `stop - 1`.

    Attributes:
        sha256: of the file's bytes, so that an exchanged logo is another one.
        width: its share of the picture's width.
    """

    file: str
    sha256: ContentHash
    corner: Corner
    width: float
    start: Frames
    stop: Frames


class Timeline(Document):
    """Clips in order; a dissolve of n frames makes a clip begin n frames before the one before it ends.

    Attributes:
        platform: whose limits this film is held against; None: nobody's.
        delivery: what is ordered of this film; of others beside it nothing.
    """

    schema_name: ClassVar[str] = "Timeline.1"

    project: str
    title: str
    width_px: int
    height_px: int
    clips: tuple[Clip, ...] = Field(min_length=1)
    music: MusicTrack | None = None
    narrations: tuple[NarrationTrack, ...] = ()
    logos: tuple[LogoOverlay, ...] = ()
    delivery: Delivery = Delivery()
    platform: Platform | None = None

    def shaped(self, ordered: Format) -> Timeline:
        """The same film in another shape, its shorter side as long: every clip, word and sound at its frame."""
        width_px, height_px = ordered.shape.size_px(min(self.width_px, self.height_px))
        clips = tuple(clip.model_copy(update={"fit": ordered.fit_of(clip.item)}) for clip in self.clips)
        return self.model_copy(
            update={"width_px": width_px, "height_px": height_px, "clips": clips, "platform": ordered.platform}
        )

    @property
    def places(self) -> tuple[FrameRange, ...]:
        """Where each clip stands in the film, in film frames."""
        places: list[FrameRange] = []
        end = 0
        for clip in self.clips:
            start = end - (clip.join.overlap if places else 0)
            end = start + clip.frames
            places.append(FrameRange(start, end))
        return tuple(places)

    @property
    def frames(self) -> Frames:
        """Σ clips − Σ overlaps."""
        return self.places[-1].stop

    @property
    def fingerprint(self) -> Fingerprint:
        """Equal timelines make equal films."""
        return fingerprint(self.model_dump(mode="json"))

    @property
    def samples(self) -> Samples:
        return self.frames * SAMPLES_PER_FRAME
