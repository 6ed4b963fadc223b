"""Which of TensorFlow's own source modules (`tensorflow.python` and so on) are still there: measured in 2.21."""

from __future__ import annotations

import functools
from pathlib import Path

PACKAGES = ('python', 'core', 'compiler', 'tools', 'examples')


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


def public_name(name: str) -> str:
    """The public name, without `tensorflow.`, that TensorFlow 1.15 had for something that is gone; else empty."""
    return _tables()[1].get(name, '')


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
