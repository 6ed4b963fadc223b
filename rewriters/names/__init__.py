"""Renames TensorFlow 1's symbols to where they live in TensorFlow 2, and reports those that have no home."""

from rewriters.names.places import Edit, Locator, apply_edits
from rewriters.names.rename import rename

__all__ = ['Edit', 'Locator', 'apply_edits', 'rename']
