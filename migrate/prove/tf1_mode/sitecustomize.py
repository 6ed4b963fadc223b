"""Lets TensorFlow 1 scripts run on TensorFlow 2: `import tensorflow` means `tensorflow.compat.v1` without v2 behavior.

Python imports this module at its start when this folder is on PYTHONPATH. It must not import anything of this project:
it runs in the interpreter of the old side.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType


class _Loader(importlib.abc.Loader):
    """Loads TensorFlow, and puts `tensorflow.compat.v1` in its place."""

    def __init__(self, loader: importlib.abc.Loader) -> None:
        self.loader = loader

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self.loader.exec_module(module)
        v1 = importlib.import_module('tensorflow.compat.v1')
        v1.disable_v2_behavior()
        # What stands here after the loading is what the import statement gets.
        sys.modules['tensorflow'] = v1


class _Finder(importlib.abc.MetaPathFinder):
    """Finds TensorFlow, and nothing else."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != 'tensorflow':
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)
        return spec


sys.meta_path.insert(0, _Finder())
