"""Drops what a derived function does not need: assignments that nothing reads, and that leave nothing behind.

What may create a variable stays, needed or not: variables without a name of their own get one that counts those
before, and the checkpoint knows them by these names.
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.functions import Effect, Functions
from rewriters.mutation import mutated
from rewriters.syntax import find_all, names_used, only_small_statement

# Calls that only look like state: they look up the global step, or describe what to do with variables later.
_HARMLESS = frozenset({'train.get_global_step', 'train.get_or_create_global_step'})
_PURE_BUILTINS = frozenset(
    'abs all any bool dict divmod enumerate filter float format frozenset getattr hasattr int isinstance len list map '
    'max min pow range repr reversed round set sorted str sum tuple type zip'.split()
)
_PURE_METHODS = frozenset(
    'as_list copy format get get_shape items join keys lower ndims split startswith upper values'.split()
)
# Methods of optimizers: what they make is named after the variables that they train.
_TRAINING_METHODS = frozenset({'apply_gradients', 'compute_gradients', 'minimize'})
_DELAYED = (cst.FunctionDef, cst.Lambda, cst.ClassDef)


class DeadCode:
    """Finds what is dead in a model_fn's statements for one mode."""

    def __init__(self, view: ModuleView, serves: bool) -> None:
        self._view = view
        self._serves = serves
        self._functions = Functions(view)
        self._names_variables = False

    def without(self, body: Sequence[cst.BaseStatement], needed: frozenset[str]) -> list[cst.BaseStatement]:
        """The statements that are left, if what comes after them reads `needed`."""
        self._names_variables = any(self._may_name_variables(b) for s in body for b in self._functions.bodies(s))
        left = list(body)
        while True:
            kept = self._pass(left, needed)
            if len(kept) == len(left):
                return kept
            left = kept

    def _pass(self, body: Sequence[cst.BaseStatement], needed: frozenset[str]) -> list[cst.BaseStatement]:
        kept: list[cst.BaseStatement] = []
        later = _read_later(body)
        for statement in reversed(body):
            if self._is_dead(statement, needed | later):
                continue
            kept.append(statement)
            needed = (needed - _surely_bound(statement)) | names_used(statement)[0]
        return list(reversed(kept))

    def _may_name_variables(self, node: cst.CSTNode) -> bool:
        """Whether a variable may be made whose name depends on the ops before: `tf.Variable`, or code elsewhere."""
        calls = [call for call in find_all(node, cst.Call) if isinstance(call, cst.Call)]
        symbols = {self._view.called(call) for call in calls}
        others = [call for call in calls if _method(call) not in _TRAINING_METHODS]
        return 'Variable' in symbols or any(self._functions.effect_of_call(c) is Effect.UNKNOWN for c in others)

    def _is_dead(self, statement: cst.BaseStatement, needed: frozenset[str]) -> bool:
        if isinstance(statement, cst.FunctionDef):
            has_effect = statement.decorators or find_all(statement.params, cst.Call)
            return statement.name.value not in needed and not has_effect
        small = only_small_statement(statement)
        if isinstance(small, cst.Expr):
            is_summary = (self._view.called(small.value) or '').startswith('summary.')
            return self._serves and is_summary and self._may_drop_below(small.value)
        if isinstance(small, cst.AnnAssign):
            targets, value = [small.target], small.value
        elif isinstance(small, cst.Assign):
            targets, value = [target.target for target in small.targets], small.value
        else:
            return False
        return all(_binds_only(t, needed) for t in targets) and (value is None or self._may_drop(value))

    def _may_drop(self, node: cst.CSTNode) -> bool:
        odd = find_all(node, (cst.NamedExpr, cst.Await, cst.Yield))
        return not odd and all(self._may_drop_call(c) for c in find_all(node, cst.Call) if isinstance(c, cst.Call))

    def _may_drop_below(self, call: cst.CSTNode) -> bool:
        return all(self._may_drop(argument) for argument in find_all(call, cst.Arg))

    def _may_drop_call(self, call: cst.Call) -> bool:
        """Whether leaving a call out changes nothing else: it makes no variables, losses or collections."""
        called = self._view.called(call)
        if called is not None:
            return self._may_drop_symbol(called, call)
        if isinstance(call.func, cst.Name):
            return self._may_drop_function(call, call.func.value)
        return _method(call) in _PURE_METHODS and self._view.imported(call.func) is None

    def _may_drop_symbol(self, called: str, call: cst.Call) -> bool:
        makes_nothing = called.startswith('train.') and called.endswith('Optimizer')
        if called in _HARMLESS or makes_nothing or called.startswith('estimator.export.'):
            return True
        if called.startswith(('losses.', 'add_to_collection', 'random.set', 'set_random_seed')):
            return False
        effect = self._functions.effect_of_call(call)
        return effect is Effect.NONE or (effect is Effect.BUILDS_GRAPH and not self._names_variables)

    def _may_drop_function(self, call: cst.Call, name: str) -> bool:
        function = self._view.functions.get(name)
        if function is None:
            return name in _PURE_BUILTINS and hasattr(builtins, name)
        is_recursive = any(body is function.body for body in self._functions.bodies(function.body)[1:])
        changes = mutated(self._view, function.body) or find_all(function, (cst.Global, cst.Nonlocal, cst.Raise))
        is_plain = isinstance(call.func, cst.Name) and self._view.is_global(call.func) and not function.decorators
        return is_plain and not is_recursive and not changes and self._may_drop(function.body)


def _method(call: cst.Call) -> str:
    return call.func.attr.value if isinstance(call.func, cst.Attribute) else ''


def _read_later(body: Sequence[cst.BaseStatement]) -> frozenset[str]:
    """What inner functions read: they may be called after the names are bound again."""
    inner = [node for statement in body for node in find_all(statement, _DELAYED)]
    return frozenset().union(*(names_used(node)[0] for node in inner))


def _surely_bound(statement: cst.BaseStatement) -> frozenset[str]:
    small = only_small_statement(statement)
    targets = small.targets if isinstance(small, cst.Assign) else ()
    return frozenset(t.target.value for t in targets if isinstance(t.target, cst.Name))


def _binds_only(target: cst.CSTNode, needed: frozenset[str]) -> bool:
    """Whether a target binds names, none of them needed; `x[0] = …` changes what other names may mean."""
    if isinstance(target, cst.Tuple | cst.List):
        return all(_binds_only(element.value, needed) for element in target.elements)
    return isinstance(target, cst.Name) and target.value not in needed
