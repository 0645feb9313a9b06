"""The rules about a shot's pictures: how many its type takes, in which roles, and that each can be had."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pipeline.compiler.breach import Breach
from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import sentences
from pipeline.compiler.measured import PICTURE_SUFFIXES
from pipeline.compiler.outline import Outline
from pipeline.compiler.pictures import MAX_REFS, check_picture
from pipeline.model.storyboard import GenerationType, Shot

_IMAGES: Final = {
    GenerationType.TEXT: (0, 0, "text", "no picture"),
    GenerationType.FRAMES: (1, 2, "frames", "a first picture, or a first and a last"),
    GenerationType.REFERENCE: (1, MAX_REFS, "reference", "1 to 3 pictures in refs"),
}
_ARGUMENT_OF: Final = {"ref": "refs", "first": "first", "last": "last"}
_NAMED: Final = {"ref": "refs", "first": "a first picture"}


def number_of_images(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    """The images of a shot are those that its type takes; one that continues has its first already."""
    for shot in (item for item in outline.items if isinstance(item, Shot)):
        yield from _continued(shot) if shot.continues else _counted(shot)


def images_are_there(outline: Outline, files: frozenset[str]) -> Iterator[Breach]:
    """Each is a public address, or a file of the project."""
    for shot in (item for item in outline.items if isinstance(item, Shot)):
        for image in shot.images:
            try:
                check_picture(image.url or image.file, files)
            except ValueError as error:
                says, advice = sentences(error)
                code = Code.NO_SUCH_FILE if image.file else Code.NO_ADDRESS
                argument = _ARGUMENT_OF[image.role]
                yield Breach(code, shot.source, argument, f"{says}.", advice, quoted=image.url or image.file)
                continue
            if image.file and not image.file.lower().endswith(PICTURE_SUFFIXES):
                says = f'"{image.file}" is no PNG, JPEG or WebP.'
                advice = "Save it as one of these."
                argument = _ARGUMENT_OF[image.role]
                yield Breach(Code.BROKEN_PICTURE, shot.source, argument, says, advice, quoted=image.file)


def _continued(shot: Shot) -> Iterator[Breach]:
    role = next((image.role for image in shot.images if image.role != "last"), None)
    if role:
        argument = _ARGUMENT_OF[role]
        says = f"{shot.id} continues {shot.continues}, and has {_NAMED[role]}."
        advice = "A shot that continues another begins with a picture of it: keep one of them."
        yield Breach(Code.CONTINUES_WITH_IMAGES, shot.source, argument, says, advice)
    elif shot.generation is not GenerationType.FRAMES:
        says = f'{shot.id} continues {shot.continues}, but its type is "{_IMAGES[shot.generation][2]}".'
        yield Breach(Code.CONTINUES_WITH_IMAGES, shot.source, "type", says, "Leave `type` out.")


def _counted(shot: Shot) -> Iterator[Breach]:
    roles = [image.role for image in shot.images]
    least, most, kind, wants = _IMAGES[shot.generation]
    right_role = {"ref"} if shot.generation is GenerationType.REFERENCE else {"first", "last"}
    if "ref" in roles and len(set(roles)) > 1:
        says = f"{shot.id} has first or last together with refs."
        yield Breach(Code.FIRST_AND_REFS, shot.source, "refs", says, "Keep one of them.")
    elif roles == ["last"]:
        says = f"{shot.id} has a last picture, but no first."
        yield Breach(Code.LAST_ALONE, shot.source, "last", says, 'Add first="…".')
    elif set(roles) == {"ref"} and len(roles) > MAX_REFS and shot.generation is GenerationType.REFERENCE:
        says = f"{shot.id} has {len(roles)} pictures in refs, at most {MAX_REFS} go along."
        extra = shot.images[MAX_REFS]
        yield Breach(
            Code.NUMBER_OF_IMAGES, shot.source, "refs", says, _take_out(len(roles)), quoted=extra.url or extra.file
        )
    elif not least <= len(roles) <= most or not right_role.issuperset(roles):
        count = f"{len(roles) or 'no'} picture{'s' * (len(roles) != 1)}"
        says = f'{shot.id} has {count}; its type "{kind}" takes {wants}.'
        argument = _ARGUMENT_OF[roles[0]] if roles else "type"
        advice = "Change the pictures, or leave `type` out."
        yield Breach(Code.NUMBER_OF_IMAGES, shot.source, argument, says, advice)


def _take_out(count: int) -> str:
    return "Take one out." if count == MAX_REFS + 1 else f"Take {count - MAX_REFS} out."
