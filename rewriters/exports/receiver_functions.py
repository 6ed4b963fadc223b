"""Reads functions that make placeholders and features from them, and return a ServingInputReceiver.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/estimator/export/ServingInputReceiver
https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/estimator/export/TensorServingInputReceiver
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from rewriters.exports.estimator_names import required_string
from rewriters.exports.value_kinds import ValueKind, kind_of
from rewriters.module_view import ModuleView
from rewriters.mutation import mutated
from rewriters.plan import Receiver, ReceiverInput
from rewriters.refusal import Refusal
from rewriters.syntax import (
    arguments,
    assigned_name,
    assigned_value,
    code,
    dict_items,
    dotted_name,
    find_all,
    name_nodes,
    names_used,
    one_line,
    only_small_statement,
    suite,
)

_RECEIVERS = ('estimator.export.ServingInputReceiver', 'estimator.export.TensorServingInputReceiver')
_ARGUMENTS = ('features', 'receiver_tensors', 'receiver_tensors_alternatives')
_PLACEHOLDERS = frozenset({'placeholder', 'sparse_placeholder'})


def read_function(view: ModuleView, function: cst.FunctionDef) -> Receiver:
    """The receiver that a function makes whose last statement is `return ServingInputReceiver(features, tensors)`.

    Raises:
        Refusal: it is made in a way that is not understood yet.
    """
    body = suite(function.body) or ()
    returned = _returned(body)
    called = view.called(returned)
    if not isinstance(returned, cst.Call) or called not in _RECEIVERS:
        raise Refusal('the receiver function does not end in `return …ServingInputReceiver(…)`', function)
    if function.decorators or function.asynchronous or len(find_all(function, cst.Return)) > 1:
        raise Refusal('the receiver function is decorated, or returns in several places', function)
    if function.params.params or function.params.kwonly_params or function.params.star_kwarg:
        raise Refusal('the receiver function has parameters', function)
    values = arguments(returned, _ARGUMENTS) or {}
    alternatives = values.pop('receiver_tensors_alternatives', None)
    if set(values) != {'features', 'receiver_tensors'} or (alternatives and dotted_name(alternatives) != 'None'):
        raise Refusal('the ServingInputReceiver has alternatives, or is made in a way that is not understood', returned)
    features, tensors = values['features'], values['receiver_tensors']
    inputs, placeholders = _Inputs(view, function, body).read(tensors)
    return Receiver(
        inputs=inputs,
        statements=(function,),
        function=function,
        features=features,
        placeholders=placeholders,
        wraps=_wraps(view, body, features, called == _RECEIVERS[0]),
        shares_inputs=_may_share(body, features, tensors),
    )


def _returned(body: Sequence[cst.BaseStatement]) -> cst.BaseExpression | None:
    last = only_small_statement(body[-1]) if body else None
    return last.value if isinstance(last, cst.Return) else None


def _wraps(view: ModuleView, body: Sequence[cst.BaseStatement], features: cst.BaseExpression, is_dict: bool) -> bool:
    """Whether TF1 makes the dict `{'feature': features}` of features that are a lone tensor."""
    if not is_dict:
        return False
    kind = kind_of(view, body, features)
    if kind is ValueKind.UNKNOWN:
        raise Refusal(f'the features `{one_line(features)}` may be a tensor or a dict', features)
    return kind is ValueKind.TENSOR


def _may_share(body: Sequence[cst.BaseStatement], features: cst.BaseExpression, tensors: cst.BaseExpression) -> bool:
    """Whether features and inputs may be one dict under two names, or under one."""
    if not isinstance(features, cst.Name) or not isinstance(tensors, cst.Name):
        return False
    values = [assigned_value(statement) for statement in body if assigned_name(statement) == features.value]
    return features.value == tensors.value or any(isinstance(value, cst.Name) for value in values)


class _Inputs:
    """Finds the placeholders behind `receiver_tensors`. All placeholders of the function must be among them."""

    def __init__(self, view: ModuleView, function: cst.FunctionDef, body: Sequence[cst.BaseStatement]) -> None:
        self._view = view
        self._function = function
        self._body = body
        self._calls: list[tuple[cst.Call, str]] = []

    def read(self, node: cst.BaseExpression) -> tuple[tuple[ReceiverInput, ...], tuple[tuple[cst.Call, str], ...]]:
        """The inputs, and each placeholder's call with the parameter that takes its place."""
        inputs = tuple(self._input(name, tensor) for name, tensor in self._pairs(node))
        calls = [call for call in find_all(self._function, cst.Call) if isinstance(call, cst.Call)]
        unfed = {c for c in calls if self._view.called(c) in _PLACEHOLDERS} - {call for call, _ in self._calls}
        if unfed or not inputs:
            raise Refusal('the receiver function has placeholders that clients don\'t feed', node)
        if len({call for call, _ in self._calls}) < len(inputs):
            raise Refusal('clients feed one placeholder under two names', node)
        return inputs, tuple(self._calls)

    def _pairs(self, node: cst.BaseExpression) -> list[tuple[str, cst.BaseExpression]]:
        """Names and tensors. A lone tensor goes by TF1's name for it, `input`."""
        written = self._assigned(node) if isinstance(node, cst.Name) else node
        items = dict_items(written) if written is not None else None
        if items is None:
            return [('input', node)]
        if isinstance(node, cst.Name):
            self._require_unchanged(node)
        return [(required_string(self._view, key, 'the input name'), value) for key, value in items]

    def _require_unchanged(self, node: cst.Name) -> None:
        """The dict of inputs is what was written; `features.update(…)` may change it under its other name."""
        for statement in self._body:
            changed = mutated(self._view, statement)
            aliases = [n for n in name_nodes(statement) if n.value == node.value and assigned_value(statement) is n]
            if node.value in changed or aliases:
                raise Refusal(f'the inputs `{node.value}` may be changed after they are made', statement)

    def _assigned(self, node: cst.Name) -> cst.BaseExpression | None:
        """What a name of the function is plainly assigned, if it is bound once."""
        binding = [s for s in self._body if node.value in names_used(s)[1]]
        return assigned_value(binding[0]) if len(binding) == 1 and assigned_name(binding[0]) == node.value else None

    def _input(self, name: str, tensor: cst.BaseExpression) -> ReceiverInput:
        call = self._assigned(tensor) if isinstance(tensor, cst.Name) else tensor
        values = arguments(call, ['dtype', 'shape', 'name']) if isinstance(call, cst.Call) else None
        is_placeholder = isinstance(call, cst.Call) and self._view.called(call) == 'placeholder'
        if not values or not is_placeholder or 'dtype' not in values or not isinstance(call, cst.Call):
            raise Refusal(f'the input `{one_line(tensor)}` is not a placeholder of the receiver function', tensor)
        variable = tensor.value if isinstance(tensor, cst.Name) else self._parameter(name, tensor)
        self._calls.append((call, variable))
        parts = tuple(values[part] for part in ('shape', 'dtype') if part in values)
        shape = code(values['shape']) if 'shape' in values else 'None'
        return ReceiverInput(name, variable, shape, code(values['dtype']), parts)

    def _parameter(self, name: str, node: cst.CSTNode) -> str:
        """A parameter for a placeholder that stands in the dict of inputs: called like the input."""
        if any(other.value == name for other in name_nodes(self._function)):
            raise Refusal(f'the input name "{name}" is the name of something else in the receiver function', node)
        return name
