"""Which modules may hold a site that a reader knows: libcst takes ten times as long as all the rest, so it has to pay.

Whoever adds a reader adds what it looks for here; tests/rewriters/test_site_hints.py compares the two.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator

from rewriters.symbols import Symbols, canonical, dotted_name

# What makes the exports of tf.contrib.learn.Experiment, by its canonical names.
STRATEGIES = frozenset(
    f'contrib.learn.{home}{name}'
    for home in (
        '', 'python.learn.utils.', 'python.learn.utils.saved_model_export_utils.', 'utils.',
        'utils.saved_model_export_utils.',
    )
    for name in ('make_best_model_export_strategy', 'make_export_strategy', 'make_parsing_export_strategy')
)  # fmt: skip
EXPORTERS = STRATEGIES | {'estimator.BestExporter', 'estimator.FinalExporter', 'estimator.LatestExporter'}
# Calls of these symbols, by their canonical names.
SYMBOLS = EXPORTERS | frozenset(
    {
        'contrib.predictor.from_saved_model',
        'saved_model.Builder',
        'saved_model.load',
        'saved_model.simple_save',
    }
)
# The last words of those that are findings even where they are not called.
_HANDED_ON = frozenset({'Builder', 'SavedModelBuilder', 'simple_save'})
# Calls of methods with these names, on whatever object.
METHODS = frozenset({'experimental_export_all_saved_models', 'export_saved_model', 'export_savedmodel'})
# What follows the name under which another module of a project hands TensorFlow out.
EXPORT_PATHS = {
    'saved_model.Builder': ('saved_model.builder.SavedModelBuilder', 'saved_model.Builder'),
    'saved_model.simple_save': ('saved_model.simple_save',),
}
_HANDED_OUT = tuple(f'.{path}' for paths in EXPORT_PATHS.values() for path in paths)
# What both TensorFlow 1's loader and TensorFlow 2's are called by.
SPELLED_AS_BOTH = ('tensorflow.saved_model.load', 'tensorflow.compat.v2.saved_model.load')
# Whatever a symbol is imported as, its own last word stands somewhere in the file.
_ROOTS = frozenset(symbol.partition('.')[0] for symbol in SYMBOLS)
# `load` stands in nearly every file; where it is that of `saved_model`, that word is there as well.
_WORDS = sorted({*METHODS, 'saved_model', *(symbol.rpartition('.')[2] for symbol in SYMBOLS)} - {'load'})


@functools.lru_cache(maxsize=2)  # a text is asked twice: whether it has news, and for what
def mentions_site(text: str) -> bool:
    """Whether the words of a site stand in the text, be it in a comment."""
    return any(word in text for word in _WORDS)


def may_lead_to_site(name: str) -> bool:
    """Whether what TensorFlow has under a canonical name may make a site, or hold something that does."""
    return name.partition('.')[0] in _ROOTS


def mentions_method(text: str) -> bool:
    """Whether a method that makes a site stands in the text, be it in a comment."""
    return any(word in text for word in METHODS)


def may_hold_site(symbols: Symbols) -> bool:
    """Whether the names of a module are such that a reader may find something."""
    called = (call.func for call in symbols.walk.calls)
    makes_export = any(isinstance(func, ast.Attribute) and func.attr in METHODS for func in called)
    return makes_export or _is_handed_out(symbols) or any(_named(SYMBOLS, symbols))


def may_hold_session_site(symbols: Symbols) -> bool:
    """Whether a reader may find something else than exports of Estimators: if not, libcst need not look."""
    named = _named(SYMBOLS - EXPORTERS, symbols)
    return _is_handed_out(symbols) or not all(call and _loads_without_session(name, call) for name, call in named)


def _is_handed_out(symbols: Symbols) -> bool:
    """Whether something is called that may be TensorFlow's, by a name that another module gave it."""
    called = (call.func for call in symbols.walk.calls)
    return any(isinstance(func, ast.Attribute) and (dotted_name(func) or '').endswith(_HANDED_OUT) for func in called)


def _named(wanted: frozenset[str], symbols: Symbols) -> Iterator[tuple[str, ast.Call | None]]:
    """What is named of the wanted symbols, and the call of it; None where it is not called."""
    for node, scope, call, _ in symbols.named():
        dotted = dotted_name(node) or ''
        if call is not None or dotted.rpartition('.')[2] in _HANDED_ON:
            qualified = symbols.resolve_in(dotted, scope)
            if qualified is not None and canonical(qualified) in wanted:
                yield qualified, call


def _loads_without_session(qualified: str, call: ast.Call) -> bool:
    """Whether a call is TensorFlow 2's `tf.saved_model.load(folder)`, which no renaming makes TensorFlow 1's."""
    keywords = {keyword.arg for keyword in call.keywords}
    positional = [argument for argument in call.args if not isinstance(argument, ast.Starred)]
    is_plain = len(positional) == len(call.args) and keywords <= {'export_dir', 'tags', 'options'}
    has_only_folder = is_plain and len(positional) + ('export_dir' in keywords) == 1
    is_of_module = (dotted_name(call.func) or '').endswith('.saved_model.load')
    return has_only_folder and is_of_module and qualified in SPELLED_AS_BOTH
