"""Variables of one module, as far as loading code needs them: a name or attribute of `self` that is bound once."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.refusal import Refusal
from rewriters.syntax import find_all, name_nodes

Scope = cst.Module | cst.FunctionDef | cst.ClassDef


@dataclass(frozen=True)
class Variable:
    """`x` of a function or module, or the attribute `self.x` of a class; scopes are compared by identity."""

    name: str
    scope: Scope

    @property
    def is_attribute(self) -> bool:
        return isinstance(self.scope, cst.ClassDef)


def variable_of(view: ModuleView, node: cst.BaseExpression) -> Variable:
    """The variable that a name, or an attribute of `self`, stands for.

    Raises:
        Refusal: it is neither.
    """
    if isinstance(node, cst.Name):
        if view.is_global(node):
            return Variable(node.value, view.module)
        function = _owner(view, node)
        if function is not None:
            return Variable(node.value, function)
    if isinstance(node, cst.Attribute) and isinstance(node.value, cst.Name):
        method = method_around(view, node)
        if method is not None and node.value.value == self_name(method[1]):
            return Variable(node.attr.value, method[0])
    raise Refusal('a part of the loaded model is kept in something other than a variable', node)


def method_around(view: ModuleView, node: cst.CSTNode) -> tuple[cst.ClassDef, cst.FunctionDef] | None:
    """The method that `node` stands in, and its class."""
    around = [outer for outer in view.ancestors(node) if isinstance(outer, cst.FunctionDef | cst.ClassDef)]
    for inner, outer in itertools.pairwise(around):
        if isinstance(inner, cst.FunctionDef) and isinstance(outer, cst.ClassDef):
            return outer, inner
    return None


def self_name(method: cst.FunctionDef) -> str | None:
    """The name of a method's first parameter; None for static and class methods."""
    names = {d.decorator.value for d in method.decorators if isinstance(d.decorator, cst.Name)}
    parameters = [*method.params.posonly_params, *method.params.params]
    return parameters[0].name.value if parameters and not names & {'staticmethod', 'classmethod'} else None


def occurrences(view: ModuleView, variable: Variable) -> list[cst.BaseExpression]:
    """Every node that reads or binds the variable, in source order.

    Raises:
        Refusal: some use of the name may mean another variable.
    """
    if isinstance(variable.scope, cst.ClassDef):
        return _attributes(view, variable)
    names = [node for node in name_nodes(variable.scope) if node.value == variable.name]
    if isinstance(variable.scope, cst.Module):
        return [node for node in names if view.is_global(node)]
    for parameter in find_all(variable.scope, cst.Param):
        if isinstance(parameter, cst.Param) and parameter.name.value == variable.name:
            raise Refusal(f'`{variable.name}` is a parameter of a function', parameter)
    return list(names)


def _owner(view: ModuleView, node: cst.Name) -> cst.FunctionDef | None:
    """The outermost function around `node` that binds its name; without one, the innermost."""
    functions = [outer for outer in view.ancestors(node) if isinstance(outer, cst.FunctionDef)]
    for function in reversed(functions):
        if any(_is_bound(view, name) for name in name_nodes(function.body) if name.value == node.value):
            return function
    return functions[0] if functions else None


def _is_bound(view: ModuleView, name: cst.Name) -> bool:
    parent = next(view.ancestors(name), None)
    return isinstance(parent, cst.AssignTarget | cst.AsName)


def _attributes(view: ModuleView, variable: Variable) -> list[cst.BaseExpression]:
    found: list[cst.BaseExpression] = []
    for node in find_all(variable.scope, cst.Attribute):
        if isinstance(node, cst.Attribute) and node.attr.value == variable.name and isinstance(node.value, cst.Name):
            method = method_around(view, node)
            if method is not None and method[0] is variable.scope and node.value.value == self_name(method[1]):
                found.append(node)
    return found


def check_outside_uses(view: ModuleView, variable: Variable, known: set[cst.CSTNode]) -> None:
    """Refuses where an attribute of the same name is read from something that may be an object of the class.

    `known` are expressions that are something else, for sure.
    """
    own = set(occurrences(view, variable))
    for node in view.find_all(cst.Attribute):
        if not isinstance(node, cst.Attribute) or node.attr.value != variable.name or node in own:
            continue
        if node.value in known or view.imported(node.value) is not None or _is_other_self(view, variable, node):
            continue
        raise Refusal(f'`{variable.name}` may also be used from outside of its class', node)


def _is_other_self(view: ModuleView, variable: Variable, node: cst.Attribute) -> bool:
    """Whether `node` is an attribute of `self` in a class that has nothing to do with the variable's."""
    method = method_around(view, node)
    if method is None or not isinstance(node.value, cst.Name) or node.value.value != self_name(method[1]):
        return False
    return method[0] is not variable.scope and not method[0].bases
