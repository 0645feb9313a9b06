"""Where in a template the program stands, read from Python's frames: Jinja compiles each template to a module."""

from __future__ import annotations

import sys
from types import FrameType, TracebackType

from jinja2 import Template
from jinja2.compiler import CodeGenerator
from jinja2.nodes import Node
from jinja2.parser import Parser

from pipeline.model.finding import Source


def place_now() -> Source | None:
    """The line of the innermost template that is being evaluated; None outside of all."""
    return place_in(sys._getframe(1))


def place_of_caller() -> Source | None:
    """The line from which the innermost macro was called; None if none is running."""
    frame: FrameType | None = sys._getframe(1)
    macro = None
    while frame:
        place = _place_of(frame, frame.f_lineno)
        if place and macro and frame.f_code is not macro:
            return place
        macro = macro or (frame.f_code if place else None)
        frame = frame.f_back
    return None


def place_in(frame: FrameType | None) -> Source | None:
    """The line of the innermost template among `frame` and its callers; None if there is none."""
    while frame:
        place = _place_of(frame, frame.f_lineno)
        if place:
            return place
        frame = frame.f_back
    return None


def place_of_error(error: BaseException) -> Source | None:
    """The line of the innermost template that `error` went through; None if it met none."""
    place = None
    step: TracebackType | None = error.__traceback__
    while step:
        place = _place_of(step.tb_frame, step.tb_lineno) or place
        step = step.tb_next
    return place


def place_while_read(error: BaseException) -> Source | None:
    """Where Jinja stood in a template when `error` was raised while it was read; None if it was reading none."""
    path, line = "", 0
    step: TracebackType | None = error.__traceback__
    while step:
        seen = step.tb_frame.f_locals
        reader, node = seen.get("self"), seen.get("node")
        if isinstance(reader, Parser):
            path, line = reader.filename or reader.name or "", reader.stream.current.lineno
        elif isinstance(reader, CodeGenerator):
            path = reader.filename or reader.name or ""
        if isinstance(node, Node) and node.lineno:
            line = node.lineno
        step = step.tb_next
    return Source(path=path, line=line) if path and line else None


def _place_of(frame: FrameType, lineno: int) -> Source | None:
    template = frame.f_globals.get("__jinja_template__")
    if not isinstance(template, Template):
        return None
    return Source(path=template.filename or template.name or "", line=template.get_corresponding_lineno(lineno))
