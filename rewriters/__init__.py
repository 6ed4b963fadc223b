"""The codemod: TF1 SavedModel export code in, TF2 code out. Pure: no files, no TensorFlow, no terminal."""

from dataclasses import replace

from rewriters.bytes_first import may_use_tensorflow
from rewriters.findings import Confidence, Explanation, Finding, Place, SourceError
from rewriters.options import Options
from rewriters.outcome import ExportSummary, PassedOver, Rewrite

__all__ = [
    'Confidence',
    'Explanation',
    'ExportSummary',
    'Finding',
    'Options',
    'PassedOver',
    'Place',
    'Rewrite',
    'SourceError',
    'rewrite',
    'scan',
]


def rewrite(source: bytes, options: Options | None = None) -> Rewrite:
    """Rewrites one file: names of TF1 that moved, and export sites that a writer can take.

    Raises:
        SourceError: the file can't be read as Python 3.
        RuntimeError: the rewrite came out broken; the file must be left as it is.
    """
    if not may_use_tensorflow(source):
        return Rewrite(source, (), ())
    from rewriters.one_file import rewrite_file  # takes as long to import as many a file to rewrite

    return rewrite_file(source, options or Options())


def scan(source: bytes, options: Options | None = None) -> Rewrite:
    """As `rewrite`, with the source left as it is.

    Raises:
        SourceError: the file can't be read as Python 3.
    """
    return replace(rewrite(source, options), source=source)
