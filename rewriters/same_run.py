"""Finds where a session fetches a variable in the run that changes it: TensorFlow 2 may read it before, not after.

https://www.tensorflow.org/guide/migrate/tf1_vs_tf2
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable, Iterator, Sequence

from rewriters.findings import Confidence, Finding, Place, explain
from rewriters.made_variables import MADE, Variables, names_before, read_variables
from rewriters.mentions import places_of
from rewriters.names import Locator
from rewriters.symbols import Symbols, dotted_name

SAME_RUN = explain(
    'NAM304',
    'A variable is fetched in the run that changes it',
    """
    What a session returns for a variable that the same run changes is not defined. With TensorFlow 1's variables it is
    the value after the change. A resource variable, as TensorFlow 2 makes them, is mostly read before, and sometimes
    after: steps that are printed, compared or saved are one less, and no error says so.

        _, step = sess.run([train_op, global_step])    # from 1 in TensorFlow 1, from 0 in TensorFlow 2

    is from 1 in both as

        with tf.control_dependencies([train_op]):
            next_step = tf.identity(global_step)       # where the graph is built
        ...
        _, step = sess.run([train_op, next_step])

    What a hook asks for in before_run is fetched in the run that trains, too. Whether an op changes a variable is
    judged by what it is bound to, and by its name. Nothing is said of variables of TensorFlow 1, as
    tf.compat.v1.disable_v2_behavior() keeps them.

    To do: see what depends on the value. Read it after the change, as above, or in a run of its own.

    https://www.tensorflow.org/api_docs/python/tf/control_dependencies
    https://www.tensorflow.org/guide/migrate/tf1_vs_tf2
    """,
)
_STEP = 'global_step'
_CHANGING = ('minimize(', 'apply_gradients(', 'train_op(', 'optimize_loss(')
_CHANGERS = frozenset({'apply_gradients', 'create_train_op', 'minimize', 'optimize_loss'})
# What ops that train are called: train_op, d_optim, optimizer, update_all; but neither train_loss nor train_summary_op.
_TRAINS = (
    r'(?:\w*_)?(?:apply_gradients|minimi[sz]er?|optim|optimi[sz]er?|solver|train|training|train_?(?:op|step)s?)'
    r'(?:_?(?:all|d|discriminator|g|generator|op|operation|ops|step))?'
)
_TRAINS_BY_NAME = re.compile(_TRAINS, re.IGNORECASE)
_STEP_BY_NAME = re.compile(rf'_*{_STEP}(?:_tensor)?')
_DISPLAYS = (ast.Dict, ast.List, ast.Tuple)
_HOOK_ASKS = 'SessionRunArgs'
# Where a session is told what to fetch: a list, or the last word of what is bound to one.
_TOLD = re.compile(r'(?:\.run\s*\(|fetches\s*=)\s*(?:\w+\.)*([\[({]|\w+)')
_TOLD_WORDS = ('.run', 'fetches')
_OPENING = '[({'
_REACH = 400
_ADVICE = (
    'Read it behind the change, `with tf.control_dependencies([…]): tf.identity(…)`, or in a run of its own; '
    '`savedmodel-migrate explain NAM304` says more.'
)


@functools.lru_cache(maxsize=2)  # a text is asked twice: whether it has news, and for what
def mentions_same_run(text: str) -> bool:
    """Whether a variable may be fetched beside what changes it, judging by the words."""
    if _STEP not in text and 'ariable' not in text:
        return False
    if _HOOK_ASKS in text:
        return True
    if '.run' not in text:
        return False
    regions = list(_regions(text))
    if not regions:
        return False
    variables = names_before(MADE, text)
    regions = [region for region in regions if _STEP in region or any(name in region for name in variables)]
    fetched = (
        re.compile(_any_of([rf'(?:get_|get_or_create_)?{_STEP_BY_NAME.pattern}', *variables])) if regions else None
    )
    regions = [region for region in regions if fetched is not None and fetched.search(region)]
    if not regions:
        return False
    changing = re.compile(_any_of([_TRAINS, *names_before(_CHANGING, text)]), re.IGNORECASE)
    return any(changing.search(region) for region in regions)


def _regions(text: str) -> Iterator[str]:
    """What stands behind where a session is told what to fetch: at the call, or where a name is bound to a list."""
    names = set()
    for match in (_TOLD.match(text, start) for start in places_of(_TOLD_WORDS, text)):
        if match is not None and match[1] in _OPENING:
            yield text[match.end() : match.end() + _REACH]
        elif match is not None:
            names.add(match[1])
    for name in names:
        if f'{name} =' in text or f'{name}=' in text:
            for bound in re.finditer(rf'{name}\s*=\s*[{re.escape(_OPENING)}]', text):
                yield text[bound.end() : bound.end() + _REACH]


def _any_of(patterns: Iterable[str]) -> str:
    return rf'(?<!\w)(?:{"|".join(patterns)})\s*(?:\(\s*\)\s*)?[\]}}),]'


def find_same_runs(text: str, symbols: Symbols, consumed: Sequence[Place], is_switched: bool) -> list[Finding]:
    """A finding for each run that fetches a variable beside what changes it. `consumed` is what is rewritten of `text`.

    `is_switched` says that the new text switches TensorFlow 2's behavior off; the old one may do so itself.
    """
    if not symbols.heads or not mentions_same_run(text):
        return []
    locator = Locator(text)
    fetched = _Fetched(symbols, read_variables(symbols, is_switched))
    findings = []
    for node in dict.fromkeys(fetched.beside_changes()):
        message = f'`{ast.unparse(node)}` is fetched in the run that changes it: TensorFlow 2 may read it before'
        findings.append(Finding(SAME_RUN, Confidence.REVIEW, locator.place(node), message, _ADVICE))
    return [each for each in findings if not any(stretch.covers(each.place) for stretch in consumed)]


class _Fetched:
    """What the sessions of a module fetch."""

    def __init__(self, symbols: Symbols, variables: Variables) -> None:
        self._symbols = symbols
        self._variables = variables

    def beside_changes(self) -> Iterator[ast.expr]:
        """The variables that are fetched in a run that changes them; the first of each run."""
        for call in self._symbols.walk.calls:
            is_hook = _called(call) == _HOOK_ASKS
            if is_hook or (isinstance(call.func, ast.Attribute) and call.func.attr == 'run'):
                for fetches in self._fetches(call):
                    parts = list(_parts(fetches))
                    changes = is_hook or any(self._changes(part) for part in parts)
                    yield from [part for part in parts if changes and self._is_changed(part, is_hook)][:1]

    def _fetches(self, call: ast.Call) -> list[ast.expr]:
        given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == 'fetches')][:1]
        listed: list[ast.expr] = [
            value for node in given for value in self._bound_to(node) if isinstance(value, _DISPLAYS)
        ]
        return listed or given

    def _bound_to(self, node: ast.expr) -> Sequence[ast.expr]:
        """What a name or an attribute is assigned, if that is seen."""
        if isinstance(node, ast.Attribute):
            return self._variables.attributes.get(node.attr, ())
        if not isinstance(node, ast.Name):
            return ()
        owner = self._symbols.scope_at(node.lineno, node.col_offset).owner(node.id)
        return self._variables.assigned(owner, node.id)

    def _changes(self, node: ast.expr) -> bool:
        """Whether it is an op that trains: by the call that it is bound to, or else by its name."""
        values = self._bound_to(node) or [node]
        if any(isinstance(value, ast.Call) and _called(value) in _CHANGERS for value in values):
            return True
        name = (dotted_name(node) or '').rpartition('.')[2]
        return _TRAINS_BY_NAME.fullmatch(name) is not None

    def _is_changed(self, node: ast.expr, is_hook: bool) -> bool:
        """Whether it is a variable that training changes: the global step, or one that the module trains."""
        if isinstance(node, ast.Call):
            return node in self._variables.making
        is_step = _STEP_BY_NAME.fullmatch((dotted_name(node) or '').rpartition('.')[2]) is not None
        if self._variables.is_variable(node):
            return not is_hook or is_step or any(self._makes_step(value) for value in self._bound_to(node))
        return is_step and not self._bound_to(node) and not self._variables.are_switched

    def _makes_step(self, node: ast.expr) -> bool:
        return self._variables.called.get(node, '').endswith(_STEP)


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else (dotted_name(call.func) or '')


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    """What is fetched one by one."""
    if isinstance(node, _DISPLAYS):
        for part in node.values if isinstance(node, ast.Dict) else node.elts:
            yield from _parts(part)
    else:
        yield node
