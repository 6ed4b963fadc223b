"""The codemod: TF1 SavedModel export code in, TF2 code out. Pure: no files, no TensorFlow, no terminal."""

from rewriters.findings import Confidence, Explanation, Finding, Place, SourceError
from rewriters.options import Options
from rewriters.plan import ExportSummary
from rewriters.rewrite import Rewrite, rewrite, scan

__all__ = [
    'Confidence',
    'Explanation',
    'ExportSummary',
    'Finding',
    'Options',
    'Place',
    'Rewrite',
    'SourceError',
    'rewrite',
    'scan',
]
