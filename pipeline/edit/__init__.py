"""Storyboard and circled takes to a Timeline."""
