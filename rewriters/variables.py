"""Finds what code does with TensorFlow 1's variables that resource variables, which TensorFlow 2 makes, do not do.

https://www.tensorflow.org/guide/migrate/tf1_vs_tf2
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Sequence

from rewriters.bindings import Scope
from rewriters.findings import Confidence, Finding, Place, explain
from rewriters.names import Locator
from rewriters.scopes import holds_any
from rewriters.symbols import Symbols, canonical, dotted_name

RESOURCE = explain(
    'NAM303',
    'A variable is a resource variable',
    """
    In TensorFlow 2, tf.compat.v1.get_variable and tf.compat.v1.Variable make resource variables. By its name, one of
    these is its handle: what a session returns for it are bytes, without any error, and nothing can be fed in its
    place. Its op is a `VarHandleOp`, no `VariableV2`, and it has no `initialized_value()`.

        value = sess.run(w.name)            # or 'w:0', or get_tensor_by_name('w:0')

    works as

        value = sess.run(w)

    Nothing is said where the file calls tf.compat.v1.disable_v2_behavior() or disable_resource_variables().

    To do: fetch and feed the variable itself; where only its name is known, `w.value().name` is that of its value. For
    `w.initialized_value()`, tf.cond(tf.compat.v1.is_variable_initialized(w), w.read_value, lambda: w.initial_value)
    gives the same. In a program that is to keep TensorFlow 1's variables, call
    tf.compat.v1.disable_resource_variables() where it starts; tf.saved_model.save does not export such variables.

    https://www.tensorflow.org/api_docs/python/tf/compat/v1/disable_resource_variables
    https://www.tensorflow.org/guide/migrate/tf1_vs_tf2
    """,
)
_STEPS = frozenset(
    f'{home}.{name}_global_step'
    for home in ('contrib.framework', 'train')
    for name in ('create', 'get', 'get_or_create')
)  # fmt: skip
_MAKERS = frozenset({'Variable', 'get_local_variable', 'get_variable', *_STEPS})
_LISTS = frozenset(
    'all_variables global_variables local_variables model_variables moving_average_variables '
    'trainable_variables'.split()
)
_COLLECTIONS = frozenset({'get_collection', 'get_collection_ref'})
_SWITCHES = frozenset({'disable_resource_variables', 'disable_v2_behavior'})
_BY_NAME = ('get_tensor_by_name', 'as_graph_element')
_HOOK = 'train.LoggingTensorHook'
_OP_TYPES = frozenset({'Variable', 'VariableV2'})
_HANDLE = 'VarHandleOp'
_SPELLED_TYPE = re.compile(r"""["']Variable(?:V2)?["']""")
_WORDS = ('initialized_value', 'VariableV2', "'Variable'", '"Variable"', 'LoggingTensorHook', *_BY_NAME)
_RUN = re.compile(r"""\.\s*run\s*\((?:[^()]|\([^()]*\)){0,200}?(?:\.\s*name\b|:0['"])""")
_ADVICE = 'Fetch or feed the variable itself; `savedmodel-migrate explain NAM303` says more.'


@functools.lru_cache(maxsize=2)  # a text is asked twice: whether it has news, and for what
def mentions_variable_use(text: str) -> bool:
    """Whether there may be something to find, judging by the words."""
    if 'ariable' not in text and 'global_step' not in text:
        return False
    return any(word in text for word in _WORDS) or _RUN.search(text) is not None


def find_variable_uses(text: str, symbols: Symbols, consumed: Sequence[Place]) -> list[Finding]:
    """A finding for each place that takes a variable for one of TensorFlow 1. `consumed` is what is rewritten of it."""
    if not symbols.heads or not mentions_variable_use(text):
        return []
    variables = _Variables(symbols)
    if variables.are_switched:
        return []
    locator = Locator(text)
    found = [*_gone(symbols), *_op_types(symbols, locator), *variables.named()]
    findings = [
        Finding(RESOURCE, confidence, locator.place(node), message, advice)
        for node, confidence, message, advice in dict.fromkeys(found)
    ]
    return [each for each in findings if not any(stretch.covers(each.place) for stretch in consumed)]


_Found = tuple[ast.expr, Confidence, str, str]


def _gone(symbols: Symbols) -> Iterator[_Found]:
    for call in symbols.walk.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr == 'initialized_value':
            message = f'`{ast.unparse(call.func)}` raises NotImplementedError for a variable of TensorFlow 2'
            yield call.func, Confidence.MANUAL, message, '`savedmodel-migrate explain NAM303` names what does the same.'


def _op_types(symbols: Symbols, locator: Locator) -> Iterator[_Found]:
    lines = [locator.place_at(match.start(), 1).line for match in _SPELLED_TYPE.finditer(locator.source)]
    for statement in symbols.walk.body:
        for node in ast.walk(statement) if holds_any(statement, lines) else ():
            strings = list(_compared(node))
            if any(string.value == 'VariableV2' for string in strings) or _asks_for_type(node, strings):
                message = "the op of a variable is a 'VarHandleOp' in TensorFlow 2, and never a 'VariableV2'"
                advice = "Compare with 'VarHandleOp' as well, if variables of TensorFlow 2 are meant."
                yield strings[0], Confidence.REVIEW, message, advice


def _compared(node: ast.AST) -> Iterator[ast.Constant]:
    """The op types among the strings that are listed or compared in a node, if that of TensorFlow 2 is not."""
    parts = node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else []
    parts = [node.left, *node.comparators] if isinstance(node, ast.Compare) else parts
    strings = [part for part in parts if isinstance(part, ast.Constant)]
    if not any(string.value == _HANDLE for string in strings):
        yield from (string for string in strings if string.value in _OP_TYPES)


def _asks_for_type(node: ast.AST, strings: Sequence[ast.Constant]) -> bool:
    """`op.type == 'Variable'`"""
    parts = [node.left, *node.comparators] if isinstance(node, ast.Compare) and strings else []
    return any(isinstance(part, ast.Attribute) and part.attr in ('op', 'type') for part in parts)


class _Variables:
    """The variables that a module makes, as far as it tells."""

    def __init__(self, symbols: Symbols) -> None:
        self._symbols = symbols
        self._called: dict[ast.AST, str] = {call: canonical(qualified) for call, qualified in symbols.calls}
        self.are_switched = any(symbol in _SWITCHES for symbol in self._called.values())

    def named(self) -> Iterator[_Found]:
        """Where a session or a hook is given the name of a variable."""
        for call in self._symbols.walk.calls:
            for part in _given_names(call, self._called.get(call, '')):
                for node in ast.walk(part):
                    what = self._names_variable(node, is_logged=self._called.get(call) == _HOOK)
                    if what:
                        assert isinstance(node, ast.expr)
                        message = f'{what} names the handle of a resource variable in TensorFlow 2, and not its value'
                        yield node, Confidence.MANUAL, message, _ADVICE

    def _names_variable(self, node: ast.AST, is_logged: bool) -> str:
        """How a name of a variable is spelled; empty for all else. Without an output, it names one only to a hook."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            name, _, output = node.value.rpartition('/')[2].partition(':')
            is_one = name in self._literal_names and (output == '0' or (is_logged and not output))
            return f'{node.value!r}' if is_one else ''
        if isinstance(node, ast.Attribute) and node.attr == 'name' and self._is_variable(node.value):
            return f'`{ast.unparse(node)}`'
        return ''

    @functools.cached_property
    def _literal_names(self) -> set[str]:
        """What the module calls its variables, where it says so in so many words."""
        names = set()
        for call, qualified in self._symbols.calls:
            symbol = canonical(qualified)
            if symbol in _STEPS:
                names.add('global_step')
            elif symbol in _MAKERS:
                first = call.args[:1] if symbol != 'Variable' else []
                given = [*first, *(keyword.value for keyword in call.keywords if keyword.arg == 'name')]
                strings = (node.value for node in given if isinstance(node, ast.Constant))
                names |= {string.rpartition('/')[2] for string in strings if isinstance(string, str)}
        return names

    def _is_variable(self, node: ast.expr) -> bool:
        dotted = dotted_name(node)
        if not isinstance(node, ast.Name):
            return dotted is not None and (None, dotted) in self._bound
        owner = self._symbols.scope_at(node.lineno, node.col_offset).owner(node.id)
        return owner is not None and (owner, node.id) in self._bound

    @functools.cached_property
    def _bound(self) -> set[tuple[Scope | None, str]]:
        """The names and attributes that are bound to variables, names with the scope that binds them."""
        found: set[tuple[Scope | None, str]] = set()
        for statement in self._symbols.walk.body:
            for node in ast.walk(statement):
                if isinstance(node, ast.Assign) and self._called.get(node.value) in _MAKERS:
                    found |= {self._target(target) for target in node.targets}
                elif isinstance(node, ast.For | ast.comprehension) and self._are_variables(node.iter):
                    found.add(self._target(node.target))
        return found

    def _target(self, node: ast.expr) -> tuple[Scope | None, str]:
        owner = self._symbols.scope_at(node.lineno, node.col_offset).owner(dotted_name(node) or '')
        return (owner if isinstance(node, ast.Name) else None), dotted_name(node) or ''

    def _are_variables(self, node: ast.expr) -> bool:
        """Whether an expression lists variables, or is bound to what does, by a name of the same scope."""
        if isinstance(node, ast.Name):
            scope = self._symbols.scope_at(node.lineno, node.col_offset)
            return any(self._are_variables(value) for value in self._assigned.get((scope.owner(node.id), node.id), ()))
        for call in ast.walk(node):
            symbol = self._called.get(call, '') if isinstance(call, ast.Call) else ''
            if symbol in _LISTS or (symbol in _COLLECTIONS and 'VARIABLES' in ast.unparse(call)):
                return True
        return False

    @functools.cached_property
    def _assigned(self) -> dict[tuple[Scope | None, str], list[ast.expr]]:
        """What names are assigned; not what another name is."""
        found: dict[tuple[Scope | None, str], list[ast.expr]] = {}
        for node in self._symbols.walk.assigns:
            for target in node.targets:
                if isinstance(target, ast.Name) and not isinstance(node.value, ast.Name):
                    found.setdefault(self._target(target), []).append(node.value)
        return found


def _given_names(call: ast.Call, symbol: str) -> Iterator[ast.expr]:
    """The parts of a call that hold what is fetched, fed, looked up or logged."""
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    if symbol == _HOOK:
        tensors = keywords.get('tensors') or (call.args[0] if call.args else None)
        yield from tensors.values if isinstance(tensors, ast.Dict) else [tensors] if tensors is not None else []
        return
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ''
    if method in _BY_NAME:
        yield from (*call.args[:1], *keywords.values())
    elif method == 'run':
        fetches = keywords.get('fetches') or (call.args[0] if call.args else None)
        feeds = keywords.get('feed_dict') or (call.args[1] if len(call.args) > 1 else None)
        yield from [fetches] if fetches is not None else []
        yield from (key for key in feeds.keys if key is not None) if isinstance(feeds, ast.Dict) else []
