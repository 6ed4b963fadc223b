"""Which modules may hold a site that a reader knows: libcst takes ten times as long as all the rest, so it has to pay.

Whoever adds a reader adds what it looks for here; tests/rewriters/test_site_hints.py compares the two.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

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
# Calls of these symbols, by their canonical names.
SYMBOLS = STRATEGIES | frozenset(
    {
        'contrib.predictor.from_saved_model',
        'estimator.BestExporter',
        'estimator.FinalExporter',
        'estimator.LatestExporter',
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
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LINE = re.compile(r'[^\r\n]*(?:\r\n|\r|\n|\Z)')
# Whatever a symbol is imported as, its own last word stands somewhere in the file.
_ROOTS = frozenset(symbol.partition('.')[0] for symbol in SYMBOLS)
# `load` stands in nearly every file; where it is that of `saved_model`, that word is there as well.
_WORDS = sorted({*METHODS, 'saved_model', *(symbol.rpartition('.')[2] for symbol in SYMBOLS)} - {'load'})


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
    return next(_hints(symbols), None) is not None


def may_be_read(text: str, symbols: Symbols) -> bool:
    """Whether a reader may find something, judging by what is called as well: if not, libcst need not look."""
    return any(
        call is None
        or (_may_export(text, symbols, call) if qualified is None else not _loads_without_session(qualified, call))
        for call, qualified in _hints(symbols)
    )


def _hints(symbols: Symbols) -> Iterator[tuple[ast.Call | None, str | None]]:
    """The calls that may make a site, and what of TensorFlow they call; None for a method, or where nothing is called.

    What another module hands out is called, too, but by a name of which nothing is known.
    """
    for call in symbols.walk.calls:
        if isinstance(call.func, ast.Attribute):
            if (dotted_name(call.func) or '').endswith(_HANDED_OUT):
                yield None, None
            elif call.func.attr in METHODS:
                yield call, None
    for node, scope, called, _ in symbols.named():
        dotted = dotted_name(node) or ''
        if called is not None or dotted.rpartition('.')[2] in _HANDED_ON:
            qualified = symbols.resolve_in(dotted, scope)
            if qualified is not None and canonical(qualified) in SYMBOLS:
                yield called, qualified


def _loads_without_session(qualified: str, call: ast.Call) -> bool:
    """Whether a call is TensorFlow 2's `tf.saved_model.load(folder)`, which no renaming makes TensorFlow 1's."""
    keywords = {keyword.arg for keyword in call.keywords}
    positional = [argument for argument in call.args if not isinstance(argument, ast.Starred)]
    is_plain = len(positional) == len(call.args) and keywords <= {'export_dir', 'tags', 'options'}
    has_only_folder = is_plain and len(positional) + ('export_dir' in keywords) == 1
    is_of_module = (dotted_name(call.func) or '').endswith('.saved_model.load')
    return has_only_folder and is_of_module and qualified in SPELLED_AS_BOTH


def _may_export(text: str, symbols: Symbols, call: ast.Call) -> bool:
    """As the reader of Estimators tells it, but by all that stands in the lines of the call."""
    dotted = dotted_name(call.func) or ''
    owner, _, method = dotted.rpartition('.')
    if owner == 'self':
        nodes = (node for node in ast.walk(symbols.walk.tree) if isinstance(node, _FUNCTIONS))
        return not any(node.name == method for node in nodes)
    imported = symbols.qualified(dotted, call.func.lineno, call.func.col_offset)
    lines = _LINE.findall(text)[call.lineno - 1 : call.end_lineno]
    return imported is None or is_method_of_import(imported, lines)


def is_method_of_import(imported: str, arguments: Iterable[str]) -> bool:
    """Whether a call of something that is imported is that of an Estimator's method, by what it is given.

    `import helpers`, then `helpers.export_saved_model(…)`, is a function of a module.
    """
    is_object = imported.count('.') > 1 and not imported.startswith('tensorflow.')
    return is_object and any(re.search('receiver|input_fn', argument) for argument in arguments)
