"""What `explain` says of every code. Importing this imports every room, so that all of them have said theirs."""

from __future__ import annotations

import importlib
import pkgutil

import rewriters
from rewriters.findings import EXPLANATIONS, Explanation

_NOT_OURS_TO_RUN = 'rewriters.support.'
"""What the codemod puts into projects: it needs TensorFlow."""

for _module in pkgutil.walk_packages(rewriters.__path__, 'rewriters.'):
    if not _module.name.startswith(_NOT_OURS_TO_RUN):
        importlib.import_module(_module.name)

__all__ = ['EXPLANATIONS', 'Explanation']
