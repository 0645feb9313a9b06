"""Shot → TakeRequest: what the API is told about it. Pictures count by content wherever their bytes are known."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.digest import ContentHash
from pipeline.model.plan import ImageRef, TakeRequest
from pipeline.model.storyboard import Image, Shot, Storyboard
from pipeline.model.take import Take
from pipeline.planner.on_hand import TakesOnHand
from pipeline.timecode import SHOT_FRAMES


def request_of(
    shot: Shot,
    storyboard: Storyboard,
    picture: Callable[[str], ContentHash],
    first: ContentHash | None = None,
) -> TakeRequest:
    """What the API is told about a shot.

    Args:
        picture: the content of a picture file of the project.
        first: the picture that a continued shot begins with; without it the request is not whole.
    """
    own = tuple(_image_ref(image, picture) for image in shot.images)
    return TakeRequest(
        prompt=shot.prompt,
        generation=shot.generation,
        aspect=storyboard.aspect,
        resolution=storyboard.resolution,
        images=(ImageRef(sha256=first), *own) if first else own,
    )


def _image_ref(image: Image, picture: Callable[[str], ContentHash]) -> ImageRef:
    return ImageRef(sha256=picture(image.file)) if image.file else ImageRef(url=image.url)


def first_picture(shot: Shot, anchor: Shot, clip: Take, on_hand: TakesOnHand) -> ContentHash | None:
    """The picture that `shot` begins with: a late frame of the part of the anchor's clip that is used.

    Returns:
        None if the clip is not (any more) in the store.
    """
    if shot.continues is None or clip.sha256 is None:
        return None
    frames = clip.media.info.film_frames if clip.media else SHOT_FRAMES
    return on_hand.late_frame(clip.sha256, shot.continues.frame_of(frames, anchor.trim))
