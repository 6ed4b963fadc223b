"""Which of TensorFlow's own source modules (`tensorflow.python` and so on) are still there: measured in 2.21."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ('python', 'core', 'compiler', 'tools', 'examples')

# Public names that the measurement did not see, because these modules hand them on or wrap them.
_HANDED_ON = {
    'python.framework.graph_util.convert_variables_to_constants': 'graph_util.convert_variables_to_constants',
    'python.framework.ops.IndexedSlices': 'IndexedSlices',
    'python.framework.ops.convert_to_tensor_or_indexed_slices': 'convert_to_tensor_or_indexed_slices',
    'python.framework.ops.register_tensor_conversion_function': 'register_tensor_conversion_function',
    'python.ops.array_ops.stack': 'stack',
    'python.ops.array_ops.unstack': 'unstack',
    'python.ops.control_flow_ops.Assert': 'Assert',
    'python.ops.control_flow_ops.case': 'case',
    'python.ops.control_flow_ops.cond': 'cond',
    'python.ops.control_flow_ops.switch_case': 'switch_case',
    'python.ops.control_flow_ops.while_loop': 'while_loop',
    'python.ops.random_ops.random_crop': 'random_crop',
}


def is_gone(name: str) -> bool:
    """Whether a module, or a name in a module, given without `tensorflow.`, is known not to be in TensorFlow 2."""
    modules, _ = _tables()
    if name in modules:
        return False
    module, _, last = name.rpartition('.')
    while module and module not in modules:
        module, _, last = module.rpartition('.')
    return not module or module in PACKAGES or last in modules[module] or f'{module}.{last}' != name


def is_module(name: str) -> bool:
    """Whether TensorFlow 2 has a module of that name."""
    return name.removeprefix('tensorflow.') in _tables()[0]


def public_names(name: str) -> Iterator[str]:
    """The public names, without `tensorflow.`, that TensorFlow 1.15 may have had for something that is gone.

    Of Keras's source, what `tf.keras` has by the same name is the same: `keras.layers.core.Dense` is a name of
    `keras.layers`.
    """
    known = _tables()[1].get(name) or _HANDED_ON.get(name)
    if known:
        yield known
    elif name.startswith('python.keras.'):
        words = name.split('.')[1:]
        yield '.'.join(words)
        yield '.'.join([*words[:2], words[-1]])


@functools.cache
def _tables() -> tuple[dict[str, frozenset[str]], dict[str, str]]:
    text = Path(__file__).with_name('symbol_table_source.tsv').read_text(encoding='utf-8')
    modules: dict[str, frozenset[str]] = {}
    public: dict[str, str] = {}
    for line in text.splitlines():
        name, _, rest = line.partition('\t')
        if name.startswith('-'):
            public[name[1:]] = rest
        else:
            modules[name] = frozenset(rest.split('|')) if rest else frozenset()
    return modules, public
