"""The rules about a shot's pictures: how many its type takes, in which roles, and that each can be had."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pipeline.compiler.breach import Breach
from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import sentences
from pipeline.compiler.measured import PICTURE_SUFFIXES
from pipeline.compiler.outline import Outline
from pipeline.compiler.pictures import check_picture
from pipeline.model.storyboard import GenerationType, Shot

_IMAGES: Final = {
    GenerationType.TEXT: (0, 0, "no image"),
    GenerationType.FRAMES: (1, 2, "1 or 2 images: first, or first and last"),
    GenerationType.REFERENCE: (1, 3, "1 to 3 images, as refs"),
}
_ARGUMENT_OF: Final = {"ref": "refs", "first": "first", "last": "last"}


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
                yield Breach(code, shot.source, _ARGUMENT_OF[image.role], f"{says}.", advice)
                continue
            if image.file and not image.file.lower().endswith(PICTURE_SUFFIXES):
                says = f'"{image.file}" is no PNG, JPEG or WebP.'
                advice = "Save it as one of these."
                yield Breach(Code.BROKEN_PICTURE, shot.source, _ARGUMENT_OF[image.role], says, advice)


def _continued(shot: Shot) -> Iterator[Breach]:
    role = next((image.role for image in shot.images if image.role != "last"), None)
    if role:
        argument = _ARGUMENT_OF[role]
        says = f"{shot.id} continues {shot.continues}, and has {argument}."
        advice = "A shot that continues another begins with a picture of it: keep the one or the other."
        yield Breach(Code.CONTINUES_WITH_IMAGES, shot.source, argument, says, advice)
    elif shot.generation is not GenerationType.FRAMES:
        says = f"{shot.id} continues {shot.continues}, but its type is {shot.generation}."
        yield Breach(Code.CONTINUES_WITH_IMAGES, shot.source, "type", says, "Leave `type` to follow from that.")


def _counted(shot: Shot) -> Iterator[Breach]:
    roles = [image.role for image in shot.images]
    least, most, wants = _IMAGES[shot.generation]
    right_role = {"ref"} if shot.generation is GenerationType.REFERENCE else {"first", "last"}
    if "ref" in roles and len(set(roles)) > 1:
        says = f"{shot.id} has first or last together with refs."
        yield Breach(Code.FIRST_AND_REFS, shot.source, "refs", says, "Keep the one or the other.")
    elif roles == ["last"]:
        says = f"{shot.id} has a last image, but no first."
        yield Breach(Code.LAST_ALONE, shot.source, "last", says, 'Add first="…".')
    elif not least <= len(roles) <= most or not right_role.issuperset(roles):
        count = f"{len(roles)} image{'s' * (len(roles) != 1)}"
        says = f"{shot.id} has {count}; its type {shot.generation} takes {wants}."
        argument = _ARGUMENT_OF[roles[0]] if roles else "type"
        advice = "Change the images, or leave `type` to follow from them."
        yield Breach(Code.NUMBER_OF_IMAGES, shot.source, argument, says, advice)
