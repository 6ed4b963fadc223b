"""Measures where TensorFlow 1's public symbols live in TensorFlow 2, and writes rewriters/symbol_table.tsv.

Run `dump` once under each interpreter, then `merge` under any of them:

    python1.15 measure_symbols.py dump tf115.json
    python2.15 measure_symbols.py dump tf215.json
    python2.21 measure_symbols.py dump tf221.json
    TF_USE_LEGACY_KERAS=1 python2.21 measure_symbols.py dump tf221_keras2.json
    python measure_symbols.py merge tf115.json tf215.json tf221.json tf221_keras2.json ../rewriters/symbol_table.tsv

`dump` runs on Python 3.7 as well, which TensorFlow 1.15 needs.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import sys
import types

PUBLIC_MODULES = (
    '_api.',
    'estimator.api',
    'keras.api',
    'keras.optimizers',
    'tensorflow.experimental',
    '_tf_keras',
    'tensorflow.contrib',
    'tensorflow_core.contrib',
    'platform.flags',
)
"""A module is part of the public API when one of these stands in its name."""
PRIVATE = ('python', 'ops', 'kernels', 'proto')
"""Modules that contrib's packages show without meaning to."""
SIMPLE = (bool, int, float, str, bytes, type(None))


def dump(path):
    """Lists the public symbols of the TensorFlow that this interpreter has."""
    os.environ.pop('TF2_BEHAVIOR', None)  # a parent that imported TF 2 sets it, and TF 1.15 then measures as TF 2
    os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
    import tensorflow as tf

    roots = {'tensorflow': tf}
    if not tf.__version__.startswith('1.'):
        roots['tensorflow.compat.v1'] = tf.compat.v1
    walker = Walker()
    result = {
        'version': tf.__version__,
        'symbols': {root: walker.walk(module) for root, module in roots.items()},
    }
    for root, symbols in result['symbols'].items():
        mark_unimportable(root, symbols)
    with open(path, 'w', encoding='utf-8') as file:
        json.dump(result, file, indent=0, sort_keys=True)
    print(path, {root: len(symbols) for root, symbols in result['symbols'].items()})


class Walker:
    """Walks public modules and numbers the objects that it meets, so that identity survives in a file."""

    def __init__(self):
        self.objects = {}

    def walk(self, root):
        """Gives {dotted name: entry} for everything below `root`; an entry is {kind, object, signature or value}."""
        found = {}
        self._walk_module(root, '', (), found)
        return found

    def _walk_module(self, module, prefix, parents, found):
        for name in sorted(dir(module)):
            if name.startswith('_') or name in PRIVATE or (prefix == '' and name == 'compat'):
                continue
            try:
                value = getattr(module, name)
            except Exception as error:
                found[prefix + name] = {'kind': 'broken', 'value': str(error)[:200]}
                continue
            if type(value).__name__ == '_Feature':  # from __future__ import …
                continue
            self._walk_value(value, prefix + name, parents, found)

    def _walk_value(self, value, dotted, parents, found):
        if not isinstance(value, types.ModuleType):
            found[dotted] = self._entry(value)
            return
        try:
            module_name = value.__name__
            dir(value)
        except Exception as error:
            found[dotted] = {'kind': 'broken', 'value': str(error)[:200]}
            return
        if not is_public(module_name, dotted) or module_name in parents:
            return
        found[dotted] = {'kind': 'module'}
        self._walk_module(value, dotted + '.', (*parents, module_name), found)

    def _entry(self, value):
        if isinstance(value, SIMPLE):
            return {'kind': 'constant', 'value': repr(value)}
        kind = 'class' if inspect.isclass(value) else 'function' if callable(value) else 'constant'
        entry = {'kind': kind, 'object': self._number(value)}
        if kind == 'function':
            entry['wraps'] = [self._number(inner) for inner in wrapped(value)]
        if kind != 'constant':
            entry['signature'] = signature(value)
            entry['origin'] = '{}.{}'.format(getattr(value, '__module__', ''), getattr(value, '__name__', ''))
        elif type(value).__name__ == 'DType':
            entry['value'] = repr(value)
        return entry

    def _number(self, value):
        # Keeps the object alive, so that its id stays its own.
        self.objects.setdefault(id(value), (len(self.objects), value))
        return self.objects[id(value)][0]


def wrapped(function):
    """Lists what a decorated function wraps. TF 2.21 wraps some functions of `tf` once more than `tf.compat.v1`'s."""
    chain = []
    while hasattr(function, '__wrapped__') and len(chain) < 20:
        function = function.__wrapped__
        chain.append(function)
    return chain


def mark_unimportable(root, symbols):
    """Marks the symbols that `from parent import name` can't reach: some modules are attributes only."""
    unreachable = set()
    for dotted in symbols:
        parent, _, name = (root + '.' + dotted).rpartition('.')
        if parent not in unreachable and importable(parent):
            if hasattr(sys.modules[parent], name) or symbols[dotted]['kind'] == 'broken':
                continue
        else:
            unreachable.add(parent)
        symbols[dotted]['unimportable'] = True


def importable(module_name):
    try:
        importlib.import_module(module_name)
    except Exception:
        return False
    return True


def is_public(module_name, dotted):
    """Whether the module of that name belongs to the public API, where it is found as `dotted`."""
    if dotted.startswith('contrib.') and dotted.count('.') > 1 and set(PRIVATE) & set(module_name.split('.')):
        return False  # an implementation module that a package of contrib shows by accident
    return any(part in module_name for part in PUBLIC_MODULES)


def signature(function):
    """Lists the arguments as 'name', 'name=default', '*name' or '**name'; None where Python can't tell."""
    try:
        if inspect.isclass(function):
            # `__new__` of a named tuple or an `__init__`; inspect.signature would take a metaclass's __call__.
            function = function.__new__ if function.__init__ is object.__init__ else function.__init__
            parameters = list(inspect.signature(function).parameters.values())[1:]
        else:
            parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None
    return [described(parameter) for parameter in parameters]


def described(parameter):
    if parameter.kind is parameter.VAR_POSITIONAL:
        return '*' + parameter.name
    if parameter.kind is parameter.VAR_KEYWORD:
        return '**' + parameter.name
    if parameter.default is parameter.empty:
        return parameter.name
    default = repr(parameter.default)
    simple = isinstance(parameter.default, SIMPLE) or (default.startswith('tf.') and '0x' not in default)
    return parameter.name + '=' + (default if simple else '…')


if __name__ == '__main__':
    if sys.argv[1:2] == ['dump']:
        dump(sys.argv[2])
    elif sys.argv[1:2] == ['merge'] and len(sys.argv) == 7:
        from merge_symbols import merge

        merge(*sys.argv[2:])
    else:
        sys.exit(__doc__)
