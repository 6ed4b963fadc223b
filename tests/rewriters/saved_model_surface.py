"""Lists what TensorFlow 1.15.5 has for SavedModels, in all its homes, and writes saved_model_surface.txt.

Run with the Python that has TensorFlow 1.15.5:

    python saved_model_surface.py > saved_model_surface.txt

A line names a module, without `tensorflow.`, and what stands in it; constants with their values.
"""

import importlib
import os
import pkgutil
import types

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ.pop('TF2_BEHAVIOR', None)

import tensorflow as tf

DEEP = ('python.saved_model', 'contrib.saved_model.python.saved_model')


def main():
    print(f'# Made by saved_model_surface.py from TensorFlow {tf.__version__}.')
    for name in (*PUBLIC, 'contrib.saved_model', *DEEP):
        show(name, importlib.import_module(f'tensorflow.{name}'))
    for package in DEEP:
        folder = importlib.import_module(f'tensorflow.{package}').__path__
        for module in pkgutil.iter_modules(folder):
            show(f'{package}.{module.name}', importlib.import_module(f'tensorflow.{package}.{module.name}'))


def public_modules(name):
    """The public module of that name, and those in it."""
    inner = vars(importlib.import_module(f'tensorflow.{name}')).items()
    modules = sorted(word for word, value in inner if isinstance(value, types.ModuleType) and not word.startswith('_'))
    return [name, *(f'{name}.{word}' for word in modules)]


def show(name, module):
    symbols = [symbol for word in sorted(vars(module)) for symbol in shown(name, word, vars(module)[word])]
    if symbols:
        print(f'{name}: {", ".join(symbols)}')


def shown(home, name, value):
    """One string, or none where the module only imports the name for its own use."""
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return [] if name.startswith('_') else [f'{name}={value!r}']
    if isinstance(value, types.ModuleType):
        is_inner = value.__name__.replace('_core', '').endswith(f'{home}.{name}') or 'python' not in home
        return [name] if is_inner and not name.startswith('_') and 'saved_model' in value.__name__ else []
    is_ours = 'saved_model' in getattr(value, '__module__', '') and callable(value)
    return [name] if is_ours and not name.startswith('_') else []


PUBLIC = [*public_modules('saved_model'), *public_modules('compat.v1.saved_model')]

if __name__ == '__main__':
    main()
