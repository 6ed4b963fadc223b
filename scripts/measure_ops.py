"""Measures which ops TensorFlow 1.15 and TensorFlow 2 have, and writes migrate/saved_model/registered_ops.txt.

Run `dump` once under each interpreter, then `merge` under any of them:

    python1.15 measure_ops.py dump 1.txt
    python2.21 measure_ops.py dump 2.txt
    python measure_ops.py merge 1.txt 2.txt ../migrate/saved_model/registered_ops.txt
"""

from __future__ import annotations

import sys


def dump(path):
    """Lists the ops of the TensorFlow that this interpreter has. Those of contrib come with its modules only."""
    import tensorflow as tf
    from tensorflow.core.framework import op_def_pb2

    if tf.__version__.startswith('1.'):
        from tensorflow.python import pywrap_tensorflow as library
    else:
        from tensorflow.python.client import pywrap_tf_session as library
    ops = op_def_pb2.OpList()
    ops.ParseFromString(library.TF_GetBuffer(library.TF_GetAllOpList()))
    with open(path, 'w', encoding='utf-8') as file:
        file.write(''.join(f'{op.name} {"s" * _touches_state(op)}\n' for op in ops.op))


def _touches_state(op):
    """Whether what it does may depend on what was run before, or change what is run later."""
    return op.is_stateful or any(argument.is_ref for argument in op.input_arg)


def merge(first, second, path):
    """Writes which of the two have each op."""
    lists = {}
    for mark, source in (('1', first), ('2', second)):
        with open(source, encoding='utf-8') as file:
            for line in file:
                name, *state = line.split()
                found = lists.get(name, '')
                lists[name] = found.rstrip('s') + mark + ('s' if state or found.endswith('s') else '')
    with open(path, 'w', encoding='utf-8') as file:
        file.write('# The ops of TensorFlow 1.15 (1) and 2.21 (2), and whether they touch state (s).\n')
        file.write('# scripts/measure_ops.py wrote this.\n')
        file.write(''.join(f'{name} {lists[name]}\n' for name in sorted(lists)))


if __name__ == '__main__':
    {'dump': dump, 'merge': merge}[sys.argv[1]](*sys.argv[2:])
