"""Converts TensorFlow 1 SavedModels to TensorFlow 2 ones that are proven to serve the same, without their source."""

from migrate.convert.conversion import Settings, convert
from migrate.convert.refusal import Refusal
from migrate.convert.results import Conversion, TagSet
from migrate.convert.tree import convert_tree, find_models

__all__ = ['Conversion', 'Refusal', 'Settings', 'TagSet', 'convert', 'convert_tree', 'find_models']
