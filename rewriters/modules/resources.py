"""Variables, tables and assets of a graph as attributes of a serving module."""

from __future__ import annotations

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.roles import Role
from rewriters.modules.tables import table_expression
from rewriters.refusal import Refusal
from rewriters.region import Step
from rewriters.syntax import arguments, assigned_value, code, expression, find_all, one_line, only_small_statement

_VARIABLE = ('initial_value', 'trainable', 'name', 'dtype')


def resource_statement(view: ModuleView, step: Step, role: Role, attribute: str, tf: str) -> cst.BaseStatement:
    """The step's statement with the resource made by TensorFlow 2 and bound to `self.attribute`.

    Raises:
        Refusal: the resource has options that TensorFlow 2 does not know.
    """
    for found in find_all(step.node, cst.Attribute):
        if cst.ensure_type(found, cst.Attribute).attr.value in ('initialized_value', 'initial_value'):
            raise Refusal(f'`{one_line(found)}` is not there in TensorFlow 2', found)
    call = assigned_value(step.node)
    small = only_small_statement(step.node)
    line = step.node
    if not (isinstance(call, cst.Call) and isinstance(small, cst.Assign) and isinstance(line, cst.SimpleStatementLine)):
        raise Refusal('a variable, table or asset is not bound by a plain assignment', step.node)
    makers = {Role.VARIABLE: _variable, Role.ASSET: _asset, Role.TABLE: table_expression}
    value = makers[role](view, call, tf)
    target = cst.AssignTarget(cst.Attribute(cst.Name('self'), cst.Name(attribute)))
    return line.with_changes(body=[small.with_changes(targets=[target], value=value)])


def _variable(view: ModuleView, call: cst.Call, tf: str) -> cst.BaseExpression:
    """https://www.tensorflow.org/api_docs/python/tf/Variable"""
    values = arguments(call, _VARIABLE)
    positional = sum(argument.keyword is None for argument in call.args)
    if values is None or 'initial_value' not in values or positional > 2:
        raise Refusal('the variable has options that TensorFlow 2 does not know', call)
    return call.with_changes(func=expression(f'{tf}.Variable'))


def _asset(view: ModuleView, call: cst.Call, tf: str) -> cst.BaseExpression:
    """https://www.tensorflow.org/api_docs/python/tf/saved_model/Asset"""
    values = arguments(call, ('value', 'dtype', 'shape', 'name', 'verify_shape'))
    if values is None or 'value' not in values:
        raise Refusal('the asset\'s path is made in a way that is not understood', call)
    return expression(f'{tf}.saved_model.Asset({code(values["value"])})')
