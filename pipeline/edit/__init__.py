"""Storyboard and landed media to a Timeline."""

from pipeline.edit.assemble import assemble_timeline
from pipeline.edit.own_files import look_at_own_files

__all__ = ["assemble_timeline", "look_at_own_files"]
