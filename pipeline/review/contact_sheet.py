"""The contact sheet: the whole film on one picture, a tile a clip. Given stills, never files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from PIL import Image, ImageDraw

from pipeline.model.join import JoinKind
from pipeline.model.timeline import Clip, Timeline
from pipeline.review.lettering import Style, wrap, write
from pipeline.review.stills import STILLS_A_CLIP, as_jpeg
from pipeline.safe_text import safe_text
from pipeline.timecode import FrameRange, clock_time

_SHEET_PX: Final = 1920
_MARGIN_PX: Final = 60
_GUTTER_PX: Final = 30
_HEAD_PX: Final = 128
_CAPTION_PX: Final = 108
_LINE_PX: Final = 26
_HAIR_PX: Final = 3  # between the pictures of a tile
_CAPTION_LINES: Final = 2
_FEW: Final = 12
_COLUMNS: Final = {(True, True): (3, 4), (True, False): (4, 5), (False, True): (4, 5), (False, False): (6, 7)}
"""By whether the picture is wide and the clips are few."""

_GROUND: Final = "#0f1215"
_BLANK: Final = "#20262d"
_TITLE: Final = Style(38, "#f4f5f6", is_bold=True)
_NAME: Final = Style(20, "#f4f5f6", is_bold=True)
_NOTE: Final = Style(17, "#9ba6b2")


class _Grid(NamedTuple):
    """Where tiles lie: a still, under it a filmstrip of all stills, under that the caption."""

    columns: int
    tile_px: int
    still_px: int
    strip_px: int

    @property
    def pictures_px(self) -> int:
        return self.still_px + _HAIR_PX + self.strip_px

    @property
    def pitch_px(self) -> int:
        """From the top of a row to the top of the next."""
        return self.pictures_px + _CAPTION_PX + _GUTTER_PX

    def corner(self, number: int) -> tuple[int, int]:
        row, column = divmod(number, self.columns)
        return _MARGIN_PX + column * (self.tile_px + _GUTTER_PX), _HEAD_PX + row * self.pitch_px

    def height_px(self, tiles: int) -> int:
        rows = -(-tiles // self.columns)
        return _HEAD_PX + rows * self.pitch_px


def draw_contact_sheet(
    timeline: Timeline, stills: Mapping[str, Sequence[Image.Image]], words: Mapping[str, str]
) -> bytes:
    """A JPEG with one tile a clip: its stills, id, time in the film, join and first words.

    Args:
        stills: by item id, in film order, at most `STILLS_A_CLIP`; where one is missing the sheet stays blank.
        words: by item id: the prompt, the file or the card's text.
    """
    grid = _grid_of(timeline)
    sheet = Image.new("RGB", (_SHEET_PX, grid.height_px(len(timeline.clips))), _GROUND)
    draw = ImageDraw.Draw(sheet)
    _draw_head(draw, timeline)
    for number, (clip, place) in enumerate(zip(timeline.clips, timeline.places, strict=True)):
        corner = grid.corner(number)
        _draw_pictures(sheet, grid, corner, stills.get(clip.item, ()))
        _draw_caption(draw, grid, corner, clip, place, words.get(clip.item, ""))
    return as_jpeg(sheet)


def _grid_of(timeline: Timeline) -> _Grid:
    """Larger tiles for fewer clips, and of two widths the one that leaves less of the last row blank."""
    count, is_wide = len(timeline.clips), timeline.width_px >= timeline.height_px
    columns = min(_COLUMNS[is_wide, count <= _FEW], key=lambda columns: (-count % columns, columns))
    tile_px = (_SHEET_PX - 2 * _MARGIN_PX - (columns - 1) * _GUTTER_PX) // columns
    cell_px = (tile_px - (STILLS_A_CLIP - 1) * _HAIR_PX) // STILLS_A_CLIP
    height_px = timeline.height_px / timeline.width_px
    return _Grid(columns, tile_px, round(tile_px * height_px), round(cell_px * height_px))


def _draw_head(draw: ImageDraw.ImageDraw, timeline: Timeline) -> None:
    title = wrap(safe_text(timeline.title), _TITLE, 1300, 1)[0]
    write(draw, (_MARGIN_PX, 40), title, _TITLE)
    says = f"{len(timeline.clips)} clips   {clock_time(timeline.frames)}   {timeline.width_px} × {timeline.height_px}"
    write(draw, (_SHEET_PX - _MARGIN_PX, 60), says, _NOTE, from_right=True)


def _draw_pictures(sheet: Image.Image, grid: _Grid, corner: tuple[int, int], stills: Sequence[Image.Image]) -> None:
    x, y = corner
    middle = stills[len(stills) // 2] if stills else None
    _paste(sheet, middle, (x, y), (grid.tile_px, grid.still_px))
    for number, (left, right) in enumerate(pairwise(_cell_edges(grid.tile_px))):
        picture = stills[number] if number < len(stills) else None
        cell = (right - left - _HAIR_PX, grid.strip_px)
        _paste(sheet, picture, (x + left, y + grid.still_px + _HAIR_PX), cell)


def _cell_edges(tile_px: int) -> list[int]:
    """Left edges of pictures that fill `tile_px` with a hair between them, and where the next would begin."""
    return [n * (tile_px + _HAIR_PX) // STILLS_A_CLIP for n in range(STILLS_A_CLIP + 1)]


def _paste(sheet: Image.Image, picture: Image.Image | None, corner: tuple[int, int], size_px: tuple[int, int]) -> None:
    ready = picture.resize(size_px, Image.Resampling.LANCZOS) if picture else Image.new("RGB", size_px, _BLANK)
    sheet.paste(ready, corner)


def _draw_caption(
    draw: ImageDraw.ImageDraw, grid: _Grid, corner: tuple[int, int], clip: Clip, place: FrameRange, words: str
) -> None:
    x, y = corner[0], corner[1] + grid.pictures_px + 8
    time = clock_time(place.start)
    write(draw, (x + grid.tile_px, y + 3), time, _NOTE, from_right=True)
    room_px = grid.tile_px - int(_NOTE.width_px(time)) - _GUTTER_PX
    write(draw, (x, y), wrap(clip.item, _NAME, room_px, 1)[0], _NAME)
    y += 4
    join = "" if clip.join.kind is JoinKind.CUT else f"{clip.join} · "
    for line in wrap(join + safe_text(words), _NOTE, grid.tile_px, _CAPTION_LINES):
        y += _LINE_PX
        write(draw, (x, y), line, _NOTE)
