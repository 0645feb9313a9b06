"""Storyboard → the files an author would write for it: the compiler read backwards.

What comes out says every item as it is; loops and names that it was once made from cannot be known. A prompt is
written as prose where that reads back word for word, as `verbatim` where braces would be read, as a quoted string
where not even that would do. Whether it did is proven by compiling it: `conversion` does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, Literal

from pipeline.compiler.outline import generation_of
from pipeline.model.delivery import Delivery, Format
from pipeline.model.instructions import Ducking, Mends, Sound, Trim
from pipeline.model.join import JoinKind
from pipeline.model.storyboard import (
    Budget,
    Caption,
    Card,
    GenerationType,
    Item,
    Logo,
    Music,
    Narration,
    Shot,
    Storyboard,
    Title,
)
from pipeline.timecode import Frames

_READ_AS_JINJA: Final = re.compile(r"\{[{%#]")
_READ_AS_END: Final = re.compile(r"\{%[-+]?\s*endshot\b")
_LOST_BLANKS: Final = re.compile(r"^[^\S\n]+$", re.MULTILINE)
_QUOTED: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
_TYPES: Final = {
    GenerationType.TEXT: "text",
    GenerationType.FRAMES: "frames",
    GenerationType.REFERENCE: "reference",
}
_ROLES: Final = ("first", "last", "ref")

Words = Title | Caption


def author(storyboard: Storyboard) -> dict[str, str]:
    """The texts of a project, by file name, that compile to `storyboard`."""
    return {"project.yaml": _project_file(storyboard), "storyboard.jinja": _template(storyboard)}


def _project_file(storyboard: Storyboard) -> str:
    delivery, budget = storyboard.delivery, storyboard.budget
    sections: dict[str, dict[str, tuple[object, object]]] = {  # each value beside its default
        "delivery": {
            "loudness": (delivery.loudness_lufs, Delivery().loudness_lufs),
            "true_peak": (delivery.true_peak_dbtp, Delivery().true_peak_dbtp),
            "captions": (delivery.captions.value, Delivery().captions.value),
            "copy": (delivery.copying.value, Delivery().copying.value),
            "shape": (delivery.shape, None),
            "formats": ([_format(each) for each in delivery.formats], []),
            "poster": (delivery.poster and str(delivery.poster), None),
        },
        "budget": {
            "max_credits": (budget.max_credits, Budget().max_credits),
            "max_doubt_credits": (budget.max_doubt_credits, Budget().max_doubt_credits),
        },
        "grants": {
            "pay_again_credits": (budget.pay_again_credits, 0),
            "reshoot_failed": (budget.reshoot_failed, 0),
        },
    }
    lines = [
        f"title: {_yaml(storyboard.title)}",
        f"aspect_ratio: {_yaml(storyboard.aspect.value)}",
        f"resolution: {storyboard.resolution.value}",
    ]
    for section, values in sections.items():
        said = [f"  {name}: {_yaml(value)}" for name, (value, default) in values.items() if value != default]
        lines += ["", f"{section}:", *said] if said else []
    return "\n".join(lines) + "\n"


def _format(ordered: Format) -> object:
    """The shape alone, where nothing more is said."""
    said = ordered.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return said if len(said) > 1 else said["shape"]


def _yaml(value: object) -> str:
    """`value` in YAML, which reads JSON; what cannot be seen is written as an escape."""
    return json.dumps(value, ensure_ascii=not str(value).isprintable())


def _template(storyboard: Storyboard) -> str:
    lines = [*_film_tags(storyboard)]
    looks = {scene.id: scene.look for scene in storyboard.scenes}
    for scene, items in _in_scenes(storyboard):
        margin = "  " if scene else ""
        if scene:
            lines += ["", _tag("scene", quoted(scene), look=_text(looks.get(scene, "")))]
        for number, item in enumerate(items):
            lines += [""] * (number > 0 or not scene)
            lines += [f"{margin}{line}" if line.strip() else line for line in _item(item, looks.get(scene, ""))]
        if scene:
            lines.append("{% endscene %}")
    return "\n".join(lines).lstrip("\n") + "\n"


def _film_tags(storyboard: Storyboard) -> Iterator[str]:
    if storyboard.music:
        yield _music(storyboard.music)
    yield from map(_narration, storyboard.narrations)
    yield from map(_logo, storyboard.logos)


def _in_scenes(storyboard: Storyboard) -> Iterator[tuple[str, list[Item]]]:
    """Runs of items of one scene, in the film's order; scenes without items stand before the next that has some."""
    waiting = [scene.id for scene in storyboard.scenes]
    run: list[Item] = []
    for item in storyboard.items:
        if run and run[-1].scene != item.scene:
            yield run[0].scene, run
            run = []
        while not run and item.scene in waiting and (scene := waiting.pop(0)) != item.scene:
            yield scene, []
        run.append(item)
    if run:
        yield run[0].scene, run
    yield from ((scene, []) for scene in waiting)


def _item(item: Item, look: str) -> Iterator[str]:
    if isinstance(item, Shot):
        yield from _shot(item, look)
        return
    if isinstance(item, Card):
        ground = item.ground if item.ground != Card.model_fields["ground"].default else None
        tag = {"text": quoted(item.text), "for": _frames(item.frames), "ground": _text(ground)}
        yield _tag("card", quoted(item.id), **tag, **_common(item))
    else:
        yield _tag("footage", quoted(item.id), file=quoted(item.file), **_trim(item.trim), **_common(item))
    yield from (_words(words, item.id) for words in _words_over(item))


def _shot(shot: Shot, look: str) -> Iterator[str]:
    prompt, has_look = _without_look(shot.prompt, look)
    form = _form_of(prompt)
    pictures, timing = _pictures(shot), {**_trim(shot.trim), **_common(shot)}
    head = quoted(shot.id) + (" verbatim" if form == "verbatim" else "")
    yield _tag("shot", head, look='""' if look and not has_look else None, **pictures, **timing)
    written = f"{{{{ {quoted(prompt)} }}}}" if form == "quoted" else prompt
    yield from (f"  {line}" if line else "" for line in written.split("\n"))
    words = _words_over(shot)
    if form == "verbatim":  # a tag in its text would be a part of it
        yield "{% endshot %}"
        yield from (_words(each, shot.id) for each in words)
    else:
        yield from (f"  {_words(each)}" for each in words)
        yield "{% endshot %}"


def _without_look(prompt: str, look: str) -> tuple[str, bool]:
    """The shot's own text, and whether its scene's look followed it."""
    own = prompt.removesuffix(f"\n\n{look}") if look else prompt
    has_look = own != prompt and bool(own) and own == own.strip()
    return (own, True) if has_look else (prompt, False)


def _form_of(prompt: str) -> Literal["prose", "verbatim", "quoted"]:
    """The plainest way to write `prompt` that is read back word for word."""
    if prompt != prompt.strip() or _LOST_BLANKS.search(prompt) or _READ_AS_END.search(prompt):
        return "quoted"
    return "verbatim" if _READ_AS_JINJA.search(prompt) else "prose"


def _pictures(shot: Shot) -> dict[str, str | None]:
    by_role = {role: [quoted(each.file or each.url) for each in shot.images if each.role == role] for role in _ROLES}
    roles = [image.role for image in shot.images] + (["first"] if shot.continues else [])
    is_plain = shot.generation is generation_of(roles)
    return {
        "first": next(iter(by_role["first"]), None),
        "last": next(iter(by_role["last"]), None),
        "refs": f"[{', '.join(by_role['ref'])}]" if by_role["ref"] else None,
        "continues": _text(str(shot.continues) if shot.continues else None),
        "type": None if is_plain else _text(_TYPES[shot.generation]),
    }


def _common(item: Item) -> dict[str, str | None]:
    return {
        "join": _text(str(item.join)) if item.join.kind is not JoinKind.CUT else None,
        "lead": _frames(item.lead or None),
        "lag": _frames(item.lag or None),
        "sound": _text(str(item.sound)) if item.sound != Sound() else None,
        "mend": _text(str(item.mend)) if item.mend != Mends() else None,
    }


def _trim(trim: Trim) -> dict[str, str | None]:
    return {"trim": _text(str(trim)) if trim != Trim() else None}


def _words_over(item: Item) -> tuple[Words, ...]:
    return (*item.titles, *item.captions)


def _words(words: Words, on: str | None = None) -> str:
    """A title or a caption; `on` names its item where it does not stand inside of it."""
    times = {"from": _frames(words.start) if words.start else None, "for": _frames(words.frames)}
    if isinstance(words, Title):
        place = _text(words.place.value) if words.place != Title.model_fields["place"].default else None
        return _tag("title", quoted(words.text), **times, place=place, on=_text(on))
    return _tag("caption", quoted(words.text), speaker=_text(words.speaker), **times, on=_text(on))


def _music(music: Music) -> str:
    fades = {"fade_in": _frames(music.fade_in), "fade_out": _frames(music.fade_out)}
    return _tag(
        "music",
        "",
        file=quoted(music.file),
        on=_text(music.on),
        **{"from": _frames(music.start) if music.start else None},
        **_trim(music.trim),
        gain=_gain(music.gain_db),
        duck=_text(str(music.duck)) if music.duck != Ducking() else None,
        **fades,
    )


def _narration(narration: Narration) -> str:
    return _tag(
        "narration",
        "",
        file=quoted(narration.file),
        on=_text(narration.on),
        **{"from": _frames(narration.start) if narration.start else None},
        **_trim(narration.trim),
        gain=_gain(narration.gain_db) if narration.gain_db else None,
    )


def _logo(logo: Logo) -> str:
    return _tag(
        "logo",
        "",
        file=quoted(logo.file),
        place=_text(logo.corner.value),
        width=quoted(f"{logo.width:.2%}".replace(".00%", "%")),
        on=_text(logo.on),
        **{"from": _frames(logo.start) if logo.start else None, "for": _frames(logo.frames)},
    )


def _tag(name: str, head: str, **arguments: str | None) -> str:
    said = (f"{argument}={value}" for argument, value in arguments.items() if value is not None)
    return f"{{% {' '.join(filter(None, (name, head, *said)))} %}}"


def quoted(text: str) -> str:
    """`text` as a string in a tag or an expression, on one line; braces as escapes, so that nothing ends there."""
    letters = (_QUOTED.get(letter) or (letter if letter.isprintable() else _escape(letter)) for letter in text)
    return '"' + re.sub(r"\{(?=[{%#])|(?<=[}%#])\}", lambda brace: _escape(brace[0]), "".join(letters)) + '"'


def _escape(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"


def _text(text: str | None) -> str | None:
    return quoted(text) if text else None


def _frames(frames: Frames | None) -> str | None:
    return None if frames is None else f'"{frames}f"'


def _gain(gain_db: float) -> str:
    return f'"{gain_db:+g}dB"'
