"""Storyboard and landed media to a Timeline."""

from pipeline.edit.assemble import assemble_timeline

__all__ = ["assemble_timeline"]
