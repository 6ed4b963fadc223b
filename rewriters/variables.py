"""Finds what code does with TensorFlow 1's variables that resource variables, which TensorFlow 2 makes, do not do.

https://www.tensorflow.org/guide/migrate/tf1_vs_tf2
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Sequence

from rewriters.findings import Confidence, Finding, Place, explain
from rewriters.made_variables import MADE, Variables, names_before, read_variables
from rewriters.mentions import in_prose, places_of
from rewriters.names import Locator
from rewriters.names.uses import COMPAT_V1
from rewriters.scopes import holds_any
from rewriters.symbols import Symbols, dotted_name

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

    A variable that is fed itself is ignored, without any error: all that uses it reads it anew.

        sess.run(train_op, {rate: 0.01})    # trains with the value that `rate` has

    works as

        rate.load(0.01, sess)               # which stays for later runs, too
        sess.run(train_op)

    `w += 1`, which makes a tensor of a variable in TensorFlow 1, is a RuntimeError; `w = w + 1` still does.

    tf.compat.v1.Variable, which makes them, is not their class: `isinstance(w, tf.compat.v1.Variable)` is False. That
    of TensorFlow 2, tf.Variable, is a base of the variables of both.

    Where the file calls tf.compat.v1.disable_v2_behavior() or disable_resource_variables(), something is said only of
    what tf.Variable makes. With TensorFlow 2, that is a resource variable even then.

    To do: fetch the variable itself; where only its name is known, `w.value().name` is that of its value. Instead of
    feeding one, load the value, or make it a tf.compat.v1.placeholder_with_default. For `w.initialized_value()`,
    tf.cond(tf.compat.v1.is_variable_initialized(w), w.read_value, lambda: w.initial_value) gives the same. In a program
    that is to keep TensorFlow 1's variables, call tf.compat.v1.disable_resource_variables() where it starts, and make
    them by tf.compat.v1.Variable; tf.saved_model.save does not export such variables.

    https://www.tensorflow.org/api_docs/python/tf/compat/v1/disable_resource_variables
    https://www.tensorflow.org/guide/migrate/tf1_vs_tf2
    """,
)
_BY_NAME = ('get_tensor_by_name', 'as_graph_element')
_HOOK = 'train.LoggingTensorHook'
_OP_TYPES = frozenset({'Variable', 'VariableV2'})
_HANDLE = 'VarHandleOp'
_SPELLED_TYPE = re.compile(r"""["']Variable(?:V2)?["']""")
_WORDS = ('initialized_value', 'VariableV2', "'Variable'", '"Variable"', 'LoggingTensorHook', *_BY_NAME)
_RUN = re.compile(r"""\.\s*run\s*\((?:[^()]|\([^()]*\)){0,200}?(?:\.\s*name\b|:0['"])""")
_CLASS = f'{COMPAT_V1}.Variable'
_ISINSTANCE = re.compile(r'isinstance\s*\([\s\S]{0,200}?\bVariable\b')
_UPDATES = ('+=', '-=', '*=', '/=')
_TARGET = re.compile(r'(\w+)[ \t]*\*?\Z')
_OWNER = re.compile(r'(?:\w+\.)+\Z')
_LONGEST = 80
_UPDATING = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
_FEED = 'feed'
_FEEDING = re.compile(rf'def[ \t]+\w*{_FEED}')
_KEY_ENDS = (':', ' :', '] ')
_SAYS_MORE = '`savedmodel-migrate explain NAM303` says more.'
_FETCH = f'Fetch the variable itself; {_SAYS_MORE}'
_LOAD = f'Set its value before, by `load(value, session)`, or feed a placeholder; {_SAYS_MORE}'
_TO_KEEP = (
    'Make it by tf.compat.v1.Variable: what tf.Variable makes is a resource variable with the behavior of version 2 '
    'switched off, too.'
)


@functools.lru_cache(maxsize=2)  # a text is asked twice: whether it has news, and for what
def mentions_variable_use(text: str) -> bool:
    """Whether there may be something to find, judging by the words."""
    if 'ariable' not in text and 'global_step' not in text:
        return False
    if any(word in text for word in _WORDS) or _RUN.search(text) is not None or _asks_for_class(text):
        return True
    return next(_places_of_keys(text), None) is not None or next(_places_of_updates(text), None) is not None


def _asks_for_class(text: str) -> bool:
    return any(_ISINSTANCE.match(text, start) for start in places_of(('isinstance',), text))


def _places_of_updates(text: str) -> Iterator[int]:
    """Where what may be a variable is changed as numbers are: `w += 1`."""
    if not names_before(MADE, text):
        return
    for start in places_of(_UPDATES, text):
        target = _TARGET.search(text, max(0, start - _LONGEST), start)
        if target is not None and target[1] in names_before(MADE, text):
            yield target.start()


def _places_of_keys(text: str) -> Iterator[int]:
    """Where what may be a variable may be a key of what is fed."""
    if _FEED not in text and '.run' not in text and '.eval' not in text:
        return
    for name in names_before(MADE, text):
        if any(f'{name}{end}' in text for end in _KEY_ENDS):
            keys = re.finditer(rf'{name}(?<!\w{name})\s*(?::(?!=)|\]\s*=(?!=))', text)
            starts = {match.start() for match in keys if _may_be_key(text, match.start())}
            yield from sorted(starts - in_prose(starts, name, text)) if starts else ()


def _may_be_key(text: str, start: int) -> bool:
    """Whether what begins here follows what a key follows, or a comment; `v: a Tensor` in a docstring seldom does."""
    before = _OWNER.sub('', text[max(0, start - _LONGEST) : start]).rstrip()
    return before.endswith(('{', ',', '[')) or '#' in before.rpartition('\n')[2]


def find_variable_uses(text: str, symbols: Symbols, consumed: Sequence[Place], is_switched: bool) -> list[Finding]:
    """A finding for each place that takes a variable for one of TensorFlow 1. `consumed` is what is rewritten of it.

    `is_switched` says that the new text switches TensorFlow 2's behavior off; the old one may do so itself.
    """
    if not symbols.heads or not mentions_variable_use(text):
        return []
    made = read_variables(symbols, is_switched)
    uses = _Uses(symbols, made)
    locator = Locator(text)
    found = [*uses.gone(), *uses.named(), *uses.fed(locator), *uses.updated(locator)]
    if not made.are_switched:
        found += [*_op_types(symbols, locator), *_asked_for_class(symbols)]
    findings = [
        Finding(RESOURCE, confidence, locator.place(node), message, advice)
        for node, confidence, message, advice in dict.fromkeys(found)
    ]
    return [each for each in findings if not any(stretch.covers(each.place) for stretch in consumed)]


_Found = tuple[ast.expr, Confidence, str, str]


def _asked_for_class(symbols: Symbols) -> Iterator[_Found]:
    for call in symbols.walk.calls:
        if dotted_name(call.func) != 'isinstance' or len(call.args) != 2:
            continue
        for node in ast.walk(call.args[1]):
            dotted = dotted_name(node) if isinstance(node, ast.Attribute | ast.Name) else None
            if dotted is not None and symbols.resolve(dotted, call.lineno, call.col_offset) == _CLASS:
                assert isinstance(node, ast.expr)
                message = f'no resource variable is a `{dotted}`, also if that made it: isinstance says False'
                advice = f'Import tensorflow itself and ask for its Variable, a base of all variables; {_SAYS_MORE}'
                yield node, Confidence.MANUAL, message, advice


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


class _Uses:
    """What a module does with its variables, as far as it tells."""

    def __init__(self, symbols: Symbols, made: Variables) -> None:
        self._symbols = symbols
        self._made = made

    def gone(self) -> Iterator[_Found]:
        """Where one is asked for what it has no longer."""
        for call in self._symbols.walk.calls:
            function = call.func
            if not isinstance(function, ast.Attribute) or function.attr != 'initialized_value':
                continue
            if not self._made.are_switched or self._made.is_bound(function.value):
                message = f'`{ast.unparse(function)}` raises NotImplementedError for a variable of TensorFlow 2'
                advice = '`savedmodel-migrate explain NAM303` names what does the same.'
                yield function, Confidence.MANUAL, message, self._advice(advice)

    def named(self) -> Iterator[_Found]:
        """Where a session or a hook is given the name of a variable."""
        for call in self._symbols.walk.calls:
            fetched, fed = _given_names(call, self._made.called.get(call, ''))
            for part, advice in [*((part, _FETCH) for part in fetched), *((part, _LOAD) for part in fed)]:
                for node in ast.walk(part):
                    what = self._names_variable(node, is_logged=self._made.called.get(call) == _HOOK)
                    if what:
                        assert isinstance(node, ast.expr)
                        message = f'{what} names the handle of a resource variable in TensorFlow 2, and not its value'
                        yield node, Confidence.MANUAL, message, self._advice(advice)

    def fed(self, locator: Locator) -> Iterator[_Found]:
        """Where a variable itself is fed."""
        if next(_places_of_keys(locator.source), None) is None:
            return
        lines = [locator.place_at(match.start(), 1).line for match in _FEEDING.finditer(locator.source)]
        feeding = [node for node in self._symbols.walk.body if holds_any(node, lines)]
        for key in self._fed_keys(feeding):
            if self._made.is_variable(key):
                message = (
                    f'`{ast.unparse(key)}` is fed, and a resource variable is read anew wherever it is used: in '
                    'TensorFlow 2 that is ignored, without any error'
                )
                yield key, Confidence.MANUAL, message, self._advice(_LOAD)

    def _fed_keys(self, feeding: Sequence[ast.stmt]) -> Iterator[ast.expr]:
        """The keys of what is fed: in a call, by a name that a call is given, or by a name that says so."""
        for call in self._symbols.walk.calls:
            feeds = _feeds(call)
            yield from _keys(feeds)
            if isinstance(feeds, ast.Name):
                owner = self._symbols.scope_at(feeds.lineno, feeds.col_offset).owner(feeds.id)
                yield from (key for value in self._made.assigned(owner, feeds.id) for key in _keys(value))
        for node in self._symbols.walk.assigns:
            for target in node.targets:
                if isinstance(target, ast.Subscript) and _FEED in (dotted_name(target.value) or ''):
                    yield target.slice
                elif _FEED in (dotted_name(target) or ''):
                    yield from _keys(node.value)
        for statement in feeding:
            for function in ast.walk(statement):
                if isinstance(function, ast.FunctionDef) and _FEED in function.name:
                    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
                    yield from (key for value in returned for key in _keys(value))

    def updated(self, locator: Locator) -> Iterator[_Found]:
        """Where one is the target of `+=` and the like, for which a new tensor got its name in TensorFlow 1."""
        lines = [locator.place_at(start, 1).line for start in _places_of_updates(locator.source)]
        for statement in self._symbols.walk.body:
            for node in ast.walk(statement) if holds_any(statement, lines) else ():
                if not isinstance(node, ast.AugAssign) or not isinstance(node.op, _UPDATING):
                    continue
                if self._made.is_variable(node.target) and self._is_nothing_else(node.target):
                    target = ast.unparse(node.target)
                    message = (
                        f'`{ast.unparse(node)}` raises RuntimeError where `{target}` is a variable of TensorFlow 2'
                    )
                    sign = ast.unparse(ast.BinOp(node.target, node.op, ast.Name('…')))
                    advice = f'Write `{target} = {sign}`, which makes a tensor of it, as it did in TensorFlow 1.'
                    yield node.target, Confidence.MANUAL, message, self._advice(advice)

    def _is_nothing_else(self, node: ast.expr) -> bool:
        """Whether a name that is bound to a variable is bound to nothing else since."""
        if not isinstance(node, ast.Name):
            return True
        owner = self._symbols.scope_at(node.lineno, node.col_offset).owner(node.id)
        before = [value for value in self._made.assigned(owner, node.id) if value.lineno < node.lineno]
        return bool(before) and max(before, key=lambda value: value.lineno) in self._made.making

    def _advice(self, advice: str) -> str:
        return _TO_KEEP if self._made.are_switched else advice

    def _names_variable(self, node: ast.AST, is_logged: bool) -> str:
        """How a name of a variable is spelled; empty for all else. Without an output, it names one only to a hook."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            name, _, output = node.value.rpartition('/')[2].partition(':')
            is_one = name in self._made.literal_names and (output == '0' or (is_logged and not output))
            return f'{node.value!r}' if is_one else ''
        if isinstance(node, ast.Attribute) and node.attr == 'name' and self._made.is_bound(node.value):
            return f'`{ast.unparse(node)}`'
        return ''


def _given_names(call: ast.Call, symbol: str) -> tuple[list[ast.expr], list[ast.expr]]:
    """The parts of a call that hold what is fetched, looked up or logged; and those that hold what is fed."""
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    if symbol == _HOOK:
        tensors = keywords.get('tensors') or (call.args[0] if call.args else None)
        return (tensors.values if isinstance(tensors, ast.Dict) else [tensors] if tensors is not None else []), []
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ''
    if method in _BY_NAME:
        return [*call.args[:1], *keywords.values()], []
    if method != 'run':
        return [], []
    fetches = keywords.get('fetches') or (call.args[0] if call.args else None)
    return ([fetches] if fetches is not None else []), _keys(_feeds(call))


def _feeds(call: ast.Call) -> ast.expr | None:
    """What `sess.run(…)`, `x.eval(…)`, or anything with a `feed_dict` is told to feed."""
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ''
    for keyword in call.keywords:
        if keyword.arg == 'feed_dict':
            return keyword.value
    position = 1 if method == 'run' else 0 if method == 'eval' else len(call.args)
    return call.args[position] if position < len(call.args) else None


def _keys(node: ast.expr | None) -> list[ast.expr]:
    return [key for key in node.keys if key is not None] if isinstance(node, ast.Dict) else []
