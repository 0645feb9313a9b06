"""JSON Schemas of the files that people write, for editors that complete and check as one types.

Drawn from the models that read those files, and from their docstrings; here stands only what those cannot say: what
may be left out because it follows from elsewhere, what may be written shorter, and the words for project.yaml,
bible.yaml and series.yaml. A schema is a help, not the law: `compile_storyboard` alone decides, and it says more.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel

from pipeline.compiler.bible import _BibleFile
from pipeline.compiler.project_file import ProjectFile
from pipeline.compiler.series_file import SeriesFile
from pipeline.model import delivery, finding, storyboard
from pipeline.model.delivery import Fit, Poster
from pipeline.model.instructions import Continuation, Ducking, Mends, Sound, Trim
from pipeline.model.join import Join
from pipeline.model.storyboard import Storyboard
from pipeline.model.value import Value

Schema = dict[str, Any]

MODELS: Final[Mapping[str, type[Value]]] = {
    "bible": _BibleFile,
    "project": ProjectFile,
    "series": SeriesFile,
    "storyboard": Storyboard,
}
"""The schemas there are, and the model that each is drawn from."""

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_WRITTEN: Final[Mapping[type[Value], tuple[str, ...]]] = {
    Join: ("cut", "dissolve 12", "hold 12", "dip 24", "dip 24 white", "wipe 12 right", "slide 12 up", "push 12"),
    Sound: ("keep", "mute", "-6dB"),
    Trim: ("0s-3s", "12f-84f", "1s-"),
    Continuation: ("run", "run -3"),
    Ducking: ("-8dB", "-8dB 6f 18f", "none"),
    Mends: ("safe", "all", "none", "click loudness", "safe colour bars"),
    Fit: ("crop", "crop left", "fit", "blur"),
    Poster: ("run.paris", "run.paris@2s"),
}
"""Values that are written as one string, and how."""

_ID: Final = r"^[^\s.\-_][^\s.]*(\.[^\s.\-_][^\s.]*)*$"
"""An id in words that every reader of patterns understands, `\\w` being Latin to some."""

_PART: Final = r"^[^\s.\-_][^\s.]*$"
"""An id without dots."""

_TIME: Final[Schema] = {
    "anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*(s|ms|f)\s*$"}],
    "examples": ["3s", "250ms", "72f", 72],
}
_TIMES: Final = frozenset({"frames", "start", "lead", "lag", "fade_in", "fade_out"})
_ALONE: Final = frozenset({"captions", "formats", "images", "logos", "narrations", "scenes", "titles"})
"""Lists of a document whose members may be written as a text alone: an id, words, a file."""

_LEFT_OUT: Final = frozenset({"project", "source", "scene", "scenes", "title", "aspect", "resolution"})
"""What a document need not say: it follows from project.yaml, or from where the words stand."""

_SAYS: Final[Mapping[str, str]] = {
    "ProjectFile": "What holds for the whole film: its shape, its variables, what is delivered, what it may cost.",
    "ProjectFile.variants": (
        "Makes several films of one: by the name of a variant its values, and by each what it says anew. There is a "
        "film for each choice of values, such as de-short."
    ),
    "SeriesFile": "The films of a project that holds several: what each says anew of project.yaml.",
    "SeriesFile.title": "The name of the series, as people read it.",
    "SeriesFile.episodes": "The films in their order, or the path of a table (.csv) with a row for each.",
    "EpisodeEntry": "One film of the series; what it leaves open, project.yaml says.",
    "EpisodeEntry.id": "Its name for good: letters of any script, digits, - and _; the ids of its shots begin with it.",
    "Patch": "What one film says anew of project.yaml.",
    "storyboard": "A storyboard of its own, by its path in the project; without it the one that the films share.",
    "variables": (
        "Names that templates may use: {{ city }}, `each city in cities`. Text, numbers, lists and mappings; the path "
        "of a .csv file of the project becomes a list of its rows."
    ),
    "ProjectFile.delivery": "What the finished film is like.",
    "ProjectFile.grants": "What a run may do with credits without asking again.",
    "continuity": "How shots that continue others begin.",
    "lint": "The linter before money.",
    "Delivery": "What is delivered.",
    "Delivery.loudness": "Loudness of the film in LUFS, or where it is heard: web -14, podcast -16, ebu -23, atsc -24.",
    "Delivery.true_peak": "The highest peak in dBTP.",
    "Delivery.captions": 'Where the words of captions and dialogue go: a "file" beside the film, "burn", or "none".',
    "Delivery.copy": 'Whether pictures that nothing changes are taken over untouched ("auto"), or never.',
    "Delivery.formats": "Films in other shapes beside it, from the same clips and with the same sound.",
    "Delivery.poster": "The item or the moment that the poster shows; the best still of all without it.",
    "Delivery.shape": "The film's shape, where it is another than that of its clips.",
    "Format.fit": "How pictures of another shape are brought into it.",
    "Format.for": "Whose limits of length, size and bit rate it is held against.",
    "Format.items": "Items whose pictures are brought into it in another way, by their ids.",
    "Format.shape": "Width to height.",
    "Budget": "What the project may cost, in credits; a shot is 10.",
    "Budget.max_credits": "The most that the project may cost in all, checked before every request.",
    "Budget.max_doubt_credits": "The most that one lost answer may put in doubt.",
    "Grants.pay_again_credits": "Shots in doubt may be shot again up to this sum.",
    "Grants.reshoot_failed": "How often a failed shot may be shot again.",
    "Continuity.frame": "Which late frame of a shot the next one begins with: 0 is the last, -2 two before it.",
    "Lint.allow": "Codes of warnings that are not wanted here, such as SB501; `storyreel explain` lists them.",
    "BibleFile": "Who and what the film returns to. {{ name }} in a shot writes the description, word for word.",
    "BibleFile.characters": "People, animals, products: whatever has to look the same in every shot.",
    "BibleFile.looks": "How pictures look: `look=name` on a scene or a shot ends the prompt with it.",
    "BibleFile.places": "Where it happens.",
    "Fields.description": "What stands in the prompt wherever the name is written.",
    "Character.description": "What stands in the prompt wherever the name is written.",
    "Character.images": "Up to three pictures, addresses or files of the project, for every shot that names it.",
    "Character.name": "What a character is called in speech and captions.",
    "Character.voice": "How a character speaks: a low, warm voice.",
    "Fields.images": "One to three pictures, addresses or files of the project, that go with every shot that names it.",
    "Caption.text": "The words that are heard.",
    "Card.text": "The words on the card, line breaks and all.",
    "Card.frames": "How long it stays.",
    "Image.role": "What the shot does with it: begins with it, ends with it, or goes by it.",
    "Logo.corner": "Where it stands.",
    "Scene.look": "How its shots look.",
    "aspect": 'The shape of the picture: "16:9", or "9:16" for phones; one for the whole film.',
    "aspect_ratio": 'The shape of the picture: "16:9", or "9:16" for phones; one for the whole film.',
    "budget": "What the project may cost.",
    "captions": "Words that are heard while it is seen.",
    "delivery": "What is delivered.",
    "duck": "How far it goes down while somebody speaks.",
    "fade_in": "How long it takes to come.",
    "fade_out": "How long it takes to go.",
    "gain_db": "How much louder or softer than the file.",
    "generation": "The vendor's type; it follows from the images.",
    "id": "Its name for good: letters of any script, digits, - and _; dots between parts.",
    "images": "The pictures that go with the prompt.",
    "items": "Shots, footage and cards, in the order of the film.",
    "join": "How it follows the item before it.",
    "kind": "What it is.",
    "logos": "Still pictures over the film.",
    "mend": "What is put right at its seams and in its picture; see docs/seams.md.",
    "music": "One track under the whole film.",
    "narrations": "Voices of your own over the film.",
    "place": "Where in the picture the words stand.",
    "project": "The name of the project's folder.",
    "prompt": "What the clip shows and what is heard, look and all; 8 seconds are made from it.",
    "resolution": "How large clips are bought; 1080p and 4k go one shot a request.",
    "scene": "The id of the scene that it belongs to.",
    "scenes": "The scenes, in order.",
    "schema": "Name and version of this kind of document.",
    "sound": "What becomes of its own sound.",
    "source": "Where it was written.",
    "title": "The film's name, as people read it.",
    "titles": "Words over its picture.",
    "trim": "The part of it that is used.",
}
"""Words for what the docstrings do not say: of a model, of "Model.field", or of a field wherever it stands.

The underscore of a private model is left away.
"""


def schema_of(name: str) -> Schema:
    """The JSON Schema, draft 2020-12, of the file called `name` in `MODELS`."""
    drawn = MODELS[name].model_json_schema(mode="validation", ref_template="#/$defs/{model}")
    parts = {key.lstrip("_"): part for key, part in drawn.pop("$defs", {}).items()}
    models = {model.__name__: model for model in _models()}
    if name == "storyboard":
        drawn["properties"]["schema"] = {"const": Storyboard.schema_name}
    for key, part in {MODELS[name].__name__.lstrip("_"): drawn, **parts}.items():
        _explain(key, part, models)
    for model, ways in _WRITTEN.items():
        if model.__name__ in parts:
            parts[model.__name__] = {"type": "string", "description": _summary(model), "examples": list(ways)}
    if name == "bible":
        _allow_short_entries(drawn)
    body = {"$schema": _DIALECT, "title": f"{name} of a storyreel project", **_tidied(drawn)}
    return body | ({"$defs": dict(sorted(_tidied(parts).items()))} if parts else {})


def schema_text(name: str) -> str:
    """`schema_of` as it is kept in `docs/schemas/`."""
    return json.dumps(schema_of(name), indent=2, ensure_ascii=False) + "\n"


def _models() -> Iterator[type[BaseModel]]:
    for module in (storyboard, delivery, finding):
        for _, model in inspect.getmembers(module, inspect.isclass):
            if issubclass(model, BaseModel):
                yield model


def _explain(key: str, part: Schema, models: Mapping[str, type[BaseModel]]) -> None:
    """Give `part` and its properties their words, and let what follows from elsewhere be left out."""
    model = models.get(key)
    told = _attributes(model) if model else {}
    part["description"] = _SAYS.get(key) or (_summary(model) if model else "")
    for field, schema in part.get("properties", {}).items():
        words = _SAYS.get(f"{key}.{field}") or told.get(field) or _SAYS.get(field, "")
        if model and field in _TIMES:
            may_be_null = [each for each in schema.pop("anyOf", []) if each == {"type": "null"}]
            schema |= {**_TIME, "anyOf": [*_TIME["anyOf"], *may_be_null]}
            schema.pop("type", None)
        if field == "id":
            schema["pattern"] = _PART if key == "EpisodeEntry" else _ID
        if model and field in _ALONE and "items" in schema:
            schema["items"] = {"anyOf": [{"type": "string"}, schema["items"]]}
        if field in ("continues", "music") and "anyOf" in schema:
            schema["anyOf"].insert(0, {"type": "boolean" if field == "continues" else "string"})
        if words:
            schema["description"] = words
    if model:
        kind = ["kind"] if "kind" in part.get("properties", {}) else []
        part["required"] = kind + [field for field in part.get("required", []) if field not in _LEFT_OUT]


def _allow_short_entries(bible: Schema) -> None:
    """An entry may be its description alone."""
    for group in bible["properties"].values():
        group["additionalProperties"] = {"anyOf": [{"type": "string"}, group["additionalProperties"]]}


def _summary(model: type[BaseModel]) -> str:
    """The docstring of `model` down to its attributes, as one line."""
    return " ".join((inspect.getdoc(model) or "").partition("Attributes:")[0].split())


def _attributes(model: type[BaseModel]) -> dict[str, str]:
    """What the docstrings of `model` and of what it is made from say about each attribute."""
    told: dict[str, str] = {}
    for each in reversed(model.__mro__):
        listed = inspect.cleandoc(each.__doc__ or "").partition("Attributes:")[2]
        for names, says in re.findall(r"^ {4}([\w, ]+): (.+(?:\n {8}.+)*)", listed, re.MULTILINE):
            for attribute in names.split(", "):
                told[attribute] = " ".join(f"{says[:1].upper()}{says[1:]}".split())
    return told


def _tidied(part: Any) -> Any:
    """Without the titles that pydantic makes of names, without empty words, and with the private names made public."""
    if isinstance(part, list):
        return [_tidied(each) for each in part]
    if not isinstance(part, dict):
        return part.replace("#/$defs/_", "#/$defs/") if isinstance(part, str) else part
    return {
        key: _tidied(value)
        for key, value in part.items()
        if not (key == "title" and isinstance(value, str)) and value not in ("", [])
    }
