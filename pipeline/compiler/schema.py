"""Fits a YAML tree to a type of ours, and says in sentences, with their places, what does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipeline.compiler.catalogue import Code
from pipeline.compiler.examples import EXAMPLES
from pipeline.compiler.findings import Findings, did_you_mean, nearest, sentences
from pipeline.compiler.yaml_tree import Node
from pipeline.model.value import Value

V = TypeVar("V", bound=Value)

_EMPTY: Final = ("{key} is empty.", "Write a value behind the colon, or leave the key out.")
_NO_MAPPING: Final = ("{key} holds names and values, not {given}.", "{example}")
_NO_SPACE: Final = ("a space is missing behind a colon here.", "Write name: value.")
_SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    # pydantic's error type: what is wrong, what to do; {key} is the last key, {given} the value
    "missing": ("{key} is missing.", "Add it."),
    "string_type": ("{key} must be text, not {given}.", "Put quotes around it."),
    "int_type": ("{key} must be a whole number, not {given}.", "Write digits only."),
    "int_parsing": ("{key} must be a whole number, not {given}.", "Write digits only."),
    "int_from_float": ("{key} must be a whole number, not {given}.", "Round it."),
    "float_type": ("{key} must be a number, not {given}.", "Write digits only."),
    "float_parsing": ("{key} must be a number, not {given}.", "Write digits only."),
    "enum": ("{key} cannot be {given}.", "{near}It is one of {expected}."),
    "literal_error": ("{key} cannot be {given}.", "{near}It is one of {expected}."),
    "greater_than_equal": ("{key} cannot be {given}.", "The least is {ge}."),
    "less_than_equal": ("{key} cannot be {given}.", "The most is {le}."),
    "dict_type": _NO_MAPPING,
    "model_type": _NO_MAPPING,
    "model_attributes_type": _NO_MAPPING,
    "tuple_type": ("{key} must be a list.", "Write one - item a line below it, or [a, b]."),
    "too_short": ("{key} is empty.", "Add at least one."),
    "string_pattern_mismatch": (
        "{key} cannot be {given}.",
        'An id has letters, digits, - and _, with dots between parts; a colour is written as "#101418".',
    ),
    "union_tag_not_found": ("the kind is missing.", 'Add kind: "shot", "footage" or "card".'),
    "union_tag_invalid": ('there is no kind "{tag}".', '{near}It is one of "shot", "footage" and "card".'),
}
_CODES: Final = {
    "extra_forbidden": Code.UNKNOWN_KEY,
    "missing": Code.MISSING_KEY,
    "too_short": Code.MISSING_KEY,
    "union_tag_not_found": Code.MISSING_KEY,
}


def read_fields(model: type[V], tree: Node, findings: Findings, fields: Mapping[str, object] | None = None) -> V | None:
    """`tree` as a `model`, or None with findings.

    Args:
        fields: stands for the plain values of `tree`, where something was added to them.
    """
    try:
        return model.model_validate(tree.plain() if fields is None else fields)
    except ValidationError as error:
        mistakes = error.errors(include_url=False)
        for details in mistakes:
            if not any(_is_echo(details, other) for other in mistakes):
                code = _CODES.get(details["type"], Code.WRONG_VALUE)
                place = tree.at if code in (Code.UNKNOWN_KEY, Code.MISSING_KEY) else tree.value_at
                kind = ("kind",) if details["type"] == "union_tag_invalid" else ()
                findings.add(code, place(*details["loc"], *kind), *_sentence(details, model))
        return None


def _is_echo(details: ErrorDetails, other: ErrorDetails) -> bool:
    """Whether `details` only follows from `other`."""
    path, other_path = details["loc"], other["loc"]
    if details["type"] == "too_short":  # a list whose only item is wrong is called empty, too
        return other is not details and other_path[: len(path)] == path
    if details["type"] == "missing" and other["type"] == "extra_forbidden":  # its name is misspelled
        return other_path[:-1] == path[:-1] and bool(nearest(str(other_path[-1]), [str(path[-1])]))
    return False


def _sentence(details: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    key = next((step for step in reversed(details["loc"]) if isinstance(step, str)), "")
    if details["type"] == "extra_forbidden":
        known = _known_beside(details["loc"], model)
        if "variables" in known:
            return f'there is no "{key}" here.', nearest(key, known, "Values of your own belong under `variables`.")
        return f'there is no "{key}" here.', did_you_mean(key, known)
    if details["type"] == "value_error":  # raised by a type of ours, and a sentence already
        says, advice = sentences(details["ctx"]["error"])
        return f"{says}.", advice
    is_entry = bool(details["loc"]) and isinstance(details["loc"][-1], int)
    facts: dict[str, Any] = {
        **{name: _number(value) for name, value in details.get("ctx", {}).items()},
        "key": f'an entry of "{key}"' if is_entry else f'"{key}"' if key else "this file",
        "given": _shown(details["input"]),
        "message": details["msg"],
        "example": EXAMPLES.get(key, "Write name: value, one in each line below it."),
        "near": _near(details),
    }
    says, advice = _wording(details)
    return says.format(**facts), advice.format(**facts)


def _wording(details: ErrorDetails) -> tuple[str, str]:
    given, kind = details["input"], details["type"]
    if given is None:
        return _EMPTY
    if _SENTENCES.get(kind) is _NO_MAPPING and isinstance(given, str) and re.match(r"\w+:\S", given):
        return _NO_SPACE
    if kind == "string_type" and isinstance(given, list | dict):
        return _SENTENCES[kind][0], "Write the text itself."
    return _SENTENCES.get(kind, ("{key} does not fit: {message}.", "Check it in docs/language.md."))


def _near(details: ErrorDetails) -> str:
    """A question about the value that is likely to be meant, with a space behind it; empty if none is near."""
    context = details.get("ctx", {})
    options = re.findall(r"'([^']+)'", str(context.get("expected") or context.get("expected_tags") or ""))
    near = nearest(str(context.get("tag") or details["input"]), options)
    return f"{near} " if near else ""


def _number(fact: object) -> object:
    """-5.0 as -5; what is no number as it is, in the quotes that we use."""
    if isinstance(fact, str):
        return fact.replace("' or '", "' and '").replace("'", '"')
    return f"{fact:g}" if isinstance(fact, float) else fact


def _shown(given: object) -> str:
    if isinstance(given, list | dict):
        return "a list" if isinstance(given, list) else "a mapping"
    if isinstance(given, bool):
        return str(given).lower()
    return f"{given}" if isinstance(given, int | float) else f'"{given}"'


def _known_beside(path: tuple[int | str, ...], model: type[BaseModel]) -> set[str]:
    """The keys that may stand where the last of `path` does; those of all kinds where a kind is to be chosen."""
    models = {model}
    for step in path[:-1]:
        annotations = [each.model_fields[step].annotation for each in models if step in each.model_fields]
        if annotations:  # else a place in a list, or the kind of an item: the same models still
            models = {found for annotation in annotations for found in _models_in(annotation)}
    return {field.alias or key for each in models for key, field in each.model_fields.items() if key != "source"}


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
