"""What became of TensorFlow 1.15's public symbols in TensorFlow 2: reads symbol_table.tsv, which was measured."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rewriters.options import LAST_WITH_ESTIMATOR, Version

# Of what TensorFlow 2.15 still had in `tensorflow.compat.v1`, what it did not have in `tensorflow`.
_ONLY_IN_COMPAT_V1 = (
    'estimator.experimental.KMeans',
    'estimator.experimental.dnn_logit_fn_builder',
    'estimator.experimental.linear_logit_fn_builder',
    'estimator.inputs',
    'estimator.tpu',
    'tpu.experimental.AdagradParameters',
    'tpu.experimental.AdamParameters',
    'tpu.experimental.StochasticGradientDescentParameters',
)


class Symbol(NamedTuple):
    """One public symbol of TensorFlow 1.15.5, or a module of them. Names stand without `tensorflow.`.

    `kind` is one of

    - `same`: TensorFlow 2 has the same object under the same name
    - `moved`: TensorFlow 2 has the same object under another name, `target`
    - `v1`: only `tf.compat.v1` has it, as `target`
    - `changed`: TensorFlow 2 has another object under the same name; the old one is `target`, in compat.v1
    - `keras2`: `target` in compat.v1 works only with `tf_keras` (Keras 2)
    - `keras`: part of `tf.keras`, which is Keras 3 unless `tf_keras` is asked for; with it the old one is `target`
    - `gone`: not there any more; `last_seen` is the last TensorFlow that had it
    """

    name: str
    kind: str
    shape: str
    target: str
    home: str = ''
    """A name of TensorFlow 2 that means the same for some calls."""
    v1_arguments: tuple[str, ...] = ()
    v2_arguments: tuple[str, ...] = ()
    last_seen: str = ''

    @property
    def is_module(self) -> bool:
        return self.shape == 'module'

    @property
    def _was_never_in_v2(self) -> bool:
        return any(f'{self.name}.'.startswith(f'{name}.') for name in _ONLY_IN_COMPAT_V1)

    def in_version(self, version: Version) -> Symbol:
        """What it is for code that is to run on `version`."""
        if version > LAST_WITH_ESTIMATOR:
            return self
        if self.kind == 'gone' and self.last_seen.startswith('2.'):
            kind = 'v1' if self._was_never_in_v2 else 'changed'
            return self._replace(kind=kind, target=f'compat.v1.{self.name}', last_seen='')
        return self._replace(kind='v1') if self.kind == 'keras2' else self

    @property
    def only_in_v1(self) -> bool:
        """Whether the name alone proves that a file was written for TensorFlow 1."""
        if self.kind == 'gone':
            return self.last_seen.startswith('1.') or self._was_never_in_v2
        return self.kind in ('moved', 'v1', 'keras2')


def find(name: str) -> Symbol | None:
    """The symbol of that name, given without `tensorflow.`."""
    line = _lines().get(name)
    return None if line is None else _symbol(name, line)


def find_longest(name: str) -> Symbol | None:
    """The symbol that the longest beginning of a dotted name means: `Session` for `Session.run`."""
    lines = _lines()
    while name:
        if name in lines:
            return _symbol(name, lines[name])
        name = name.rpartition('.')[0]
    return None


def names() -> tuple[str, ...]:
    """Every name in the table."""
    return tuple(name for name in _lines() if not name.endswith('!'))


def kinds() -> Iterator[tuple[str, str]]:
    """Every name in the table with its kind."""
    return ((name, line.partition('\t')[0]) for name, line in _lines().items() if not name.endswith('!'))


@functools.cache
def holds_news(module: str) -> bool:
    """Whether something right in a module, given without `tensorflow.`, is not there any more as it was."""
    return any(name.rpartition('.')[0] == module and kind not in ('same', 'keras') for name, kind in kinds())


def can_import(module: str, name: str) -> bool:
    """Whether `from tensorflow.<module> import <name>` works in TensorFlow 2, given that the attribute is there."""
    lines = _lines()
    return f'{module}.*!' not in lines and f'{module}.{name}!' not in lines


@functools.cache
def _lines() -> dict[str, str]:
    text = Path(__file__).with_name('symbol_table.tsv').read_text(encoding='utf-8')
    return dict(line.split('\t', 1) for line in text.splitlines()[1:])


@functools.lru_cache(maxsize=4096)
def _symbol(name: str, line: str) -> Symbol:
    kind, shape, target, home, v1, v2 = (line.split('\t') + [''] * 5)[:6]
    if kind == 'gone':
        return Symbol(name, kind, shape, '', last_seen=target)
    if v1 or v2:
        home = home or name
    return Symbol(name, kind, shape, target or name, home, _arguments(v1), _arguments(v2))


def _arguments(text: str) -> tuple[str, ...]:
    return tuple(text.split('|')) if text else ()
