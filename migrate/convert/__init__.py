"""Converts TensorFlow 1 SavedModels to TensorFlow 2 ones that are proven to serve the same, without their source.

`conversion` does it for some models and `tree` for all below a folder. Here stand the results alone: whoever shows
them, as the report does, needs no protobuf.
"""

from migrate.convert.refusal import Refusal
from migrate.convert.results import Conversion, TagSet

__all__ = ['Conversion', 'Refusal', 'TagSet']
