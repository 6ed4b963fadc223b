"""What one file has to do with Estimators, told by itself: plain data, from which `project` decides over all files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rewriters.findings import SourceError
from rewriters.kept_estimators.imports import Import
from rewriters.kept_estimators.names import (
    MAKERS,
    MODULES,
    find_names,
    makes_canned,
    makes_kept,
    makes_with_model_fn,
    uses_support,
)
from rewriters.site_hints import METHODS
from rewriters.source import decode, parse
from rewriters.symbols import Symbols, canonical, dotted_name

_METHODS = '|'.join(sorted(METHODS))
# Not on lines that are comments; and `estimator` alone is what many call their own.
_TAKING_PART = re.compile(
    rf"""^(?![ \t\f]*\#).*?(?:
        tensorflow_estimator | {'|'.join(MODULES)} | contrib | (?<!\bdef[ ])\b(?:{_METHODS})\b
        | \.(?:[\s\\]|\#[^\n]*\n)*estimator\b
        | \bfrom[ \t]+tensorflow[\w.]*[ \t]+import[ \t]*(?:\([^)]*|(?:\\\n|[^\n(])*)\bestimator\b
    )""".encode(),
    re.MULTILINE | re.VERBOSE,
)
_MODULES = tuple(module.encode() for module in MODULES)
_EXPORTS = (b'Exporter', *(name.encode() for name in METHODS))
_CALLED = re.compile(rb'\bEstimator\s*\(')
_MAKERS = tuple(name.encode() for name in MAKERS)
_OFTEN_AN_OBSTACLE = (b'contrib', b'tensorflow_estimator', b'python.estimator', b'.tpu', b'TPU')


@dataclass(frozen=True)
class Facts:
    """What a file does with Estimators. `is_kept` says whether it uses the support module instead of `tf.estimator`.

    `canned` are what makes Estimators whose model_fn is inside of TensorFlow.
    `model_fns` are the imports, one for each Estimator, by which its model_fn comes from another file.
    """

    is_kept: bool = False
    makes: bool = False
    canned: tuple[str, ...] = ()
    model_fns: tuple[Import, ...] = ()
    obstacle: tuple[str, int] | None = None


def may_take_part(source: bytes) -> bool:
    """Whether a line of code may use `tf.estimator` or the support module, or export what may be an Estimator."""
    return (b'stimator' in source or b'export_saved' in source) and _TAKING_PART.search(source) is not None


def may_be_kept(source: bytes) -> bool:
    """Whether the support module is named."""
    return any(module in source for module in _MODULES)


def may_make(source: bytes) -> bool:
    """Whether a name is there that makes an Estimator, with a model_fn or canned."""
    return any(word in source for word in _MAKERS)


def seems_to_make(source: bytes) -> bool:
    """Whether it looks like one with a model_fn."""
    return _CALLED.search(source) is not None


def may_export(source: bytes) -> bool:
    """Whether the name of a method or class is there that exports Estimators."""
    return any(word in source for word in _EXPORTS)


def may_hinder(source: bytes) -> bool:
    """Whether a word is there that often is an obstacle; others may be one too."""
    return any(word in source for word in _OFTEN_AN_OBSTACLE)


def read_facts(source: bytes) -> Facts:
    """The facts of one file; none where it can't be read."""
    try:
        tree = parse(decode(source).text)
    except (SourceError, RecursionError):
        return Facts()
    symbols = Symbols.from_tree(tree)
    bound = dict(_imports(symbols))
    calls = [(call, canonical(qualified)) for call, qualified in symbols.calls()]
    made = [call for call, name in calls if makes_with_model_fn(name)]
    canned = sorted({name for _, name in calls if makes_canned(name)})
    model_fns = [bound[root] for call in made for root in [_root(call)] if root in bound]
    makes = any(makes_kept(name) for _, name in calls)
    return Facts(uses_support(symbols), makes, tuple(canned), tuple(model_fns), find_names(symbols).obstacle)


def _imports(symbols: Symbols) -> Iterator[tuple[str, Import]]:
    """Every name that an import of the file binds."""
    for node in symbols.walk.imports:
        for alias in node.names:
            if isinstance(node, ast.Import):
                yield alias.asname or alias.name.partition('.')[0], Import(alias.name, '', 0)
            else:
                yield alias.asname or alias.name, Import(node.module or '', alias.name, node.level)


def _root(call: ast.Call) -> str:
    """`model` of `Estimator(model_fn=model.model_fn)` and of `Estimator(model.make_model_fn(…))`."""
    given = next((keyword.value for keyword in call.keywords if keyword.arg == 'model_fn'), None)
    node = given or (call.args[0] if call.args else None)
    while isinstance(node, ast.Call):
        node = node.func
    return (dotted_name(node) or '').partition('.')[0] if node is not None else ''
