"""Evaluates a model_fn's `mode` at rewrite time: branches on it are decided, and what can't be reached is dropped.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/estimator/ModeKeys
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.serving import with_leading
from rewriters.refusal import Refusal
from rewriters.syntax import assigned_name, assigned_value, comments, name_nodes, string_value
from rewriters.trees import walk, with_changed_children

MODES = {
    f'{home}.ModeKeys.{name}': value
    for home in ('estimator', 'contrib.learn')
    for name, value in {'TRAIN': 'train', 'EVAL': 'eval', 'PREDICT': 'infer', 'INFER': 'infer'}.items()
}
TRAIN, PREDICT = 'train', 'infer'
_PLAIN = (cst.Name, cst.Call, cst.Subscript, cst.Attribute, cst.BaseNumber, cst.SimpleString)
_TARGETS = (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.NamedExpr, cst.For, cst.CompFor, cst.Del)
_NAMED = (cst.Param, cst.FunctionDef, cst.ClassDef, cst.NameItem, cst.AsName)
INNER_SCOPES = (cst.FunctionDef, cst.Lambda, cst.ClassDef, cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)


def fold(view: ModuleView, function: cst.FunctionDef, mode: str) -> list[cst.BaseStatement]:
    """The statements that run when the parameter `mode` has a value, up to the return that ends them.

    Raises:
        Refusal: what runs depends on more than the mode, or what the mode is can't be told.
    """
    if rebinds(function, 'mode'):
        raise Refusal('`mode` is bound again in the model_fn', function)
    statements, returns = _Folder(view, function, mode).block(_statements(function.body))
    if not returns:
        raise Refusal(f'the model_fn does not always return a spec in mode "{mode}"', function)
    for statement in statements[:-1]:
        _forbid_returns(statement)
    return statements


class _Folder:
    """Decides conditions. `_known` are the model_fn's names for decided truths: `training = mode == TRAIN`."""

    def __init__(self, view: ModuleView, function: cst.FunctionDef, mode: str) -> None:
        self._view = view
        self._mode = mode
        parameters = {parameter.name.value for parameter in function.params.params}
        self._takes_mode = 'mode' in parameters
        self._no_labels = mode == PREDICT and 'labels' in parameters and not rebinds(function, 'labels')
        self._known: dict[str, bool] = {}
        for statement in _statements(function.body):
            name, value = assigned_name(statement), assigned_value(statement)
            truth = self._truth(value) if value is not None else None
            if name is not None and truth is not None and len(bindings(function.body, name)) == 1:
                self._known[name] = truth

    def block(self, body: Sequence[cst.BaseStatement]) -> tuple[list[cst.BaseStatement], bool]:
        """What is left of a block, and whether it ends in a return."""
        left: list[cst.BaseStatement] = []
        notes: Sequence[cst.EmptyLine] = ()
        for statement in body:
            new, more, returns = self._statement(statement)
            if new:
                new[0] = with_leading(new[0], notes)
                notes = ()
            left += new
            notes = [*notes, *more]
            if returns:
                left[-1] = with_leading(left[-1], notes)
                return left, True
        return left, False

    def _statement(
        self, statement: cst.BaseStatement
    ) -> tuple[list[cst.BaseStatement], Sequence[cst.EmptyLine], bool]:
        """(what is left of a statement, comments that stood behind it, whether it returns)."""
        truth = self._truth(statement.test) if isinstance(statement, cst.If) else None
        if isinstance(statement, cst.If) and truth is not None:
            return self._decided(statement, truth)
        new = cast(cst.BaseStatement, self.expression(statement))
        return [new], (), _is_return(new)

    def _decided(
        self, statement: cst.If, truth: bool
    ) -> tuple[list[cst.BaseStatement], Sequence[cst.EmptyLine], bool]:
        leading = [*statement.leading_lines, *_header_comments(statement.body)] if truth else statement.leading_lines
        taken = statement.body if truth else None
        if not truth and isinstance(statement.orelse, cst.If):
            return self._statement(with_leading(statement.orelse, leading))
        if not truth and isinstance(statement.orelse, cst.Else):
            taken = statement.orelse.body
            leading = [*leading, *statement.orelse.leading_lines, *_header_comments(taken)]
        if taken is None:
            return [], (), False
        left, returns = self.block(_statements(taken))
        footer = taken.footer if isinstance(taken, cst.IndentedBlock) else ()
        behind = [line for line in footer if line.comment is not None]
        if not left:
            return [], behind, False
        left[0] = with_leading(left[0], leading)
        if returns:
            left[-1] = with_leading(left[-1], behind)
        return left, () if returns else behind, returns

    def expression(self, node: cst.CSTNode) -> cst.CSTNode:
        """The node with what the mode decides in it replaced: `training=mode == TRAIN` becomes `training=False`."""
        if isinstance(node, INNER_SCOPES) and any(_own_bindings(node, name) for name in ('mode', 'labels')):
            return node  # it has such a name of its own
        if isinstance(node, cst.IndentedBlock):
            return self._indented(node)
        if isinstance(node, cst.Comparison):
            truth = self._comparison(node)
            if truth is not None:
                return cst.Name(str(truth))
        if isinstance(node, cst.IfExp):
            truth = self._truth(node.test)
            if truth is not None:
                return _in_place_of(node, self.expression(node.body if truth else node.orelse))
        new = with_changed_children(node, self.expression)
        if isinstance(new, cst.If):
            return new.with_changes(test=_without_true(new.test))
        return _simplified(new)

    def _indented(self, block: cst.IndentedBlock) -> cst.IndentedBlock:
        statements, _ = self.block(block.body)
        if len(statements) == len(block.body) and all(a is b for a, b in zip(statements, block.body, strict=True)):
            return block
        return block.with_changes(body=statements or [cst.SimpleStatementLine([cst.Pass()])])

    def _truth(self, node: cst.BaseExpression) -> bool | None:
        """The truth of a condition in this mode; None where the mode alone does not decide it."""
        if isinstance(node, cst.Name):
            return {'True': True, 'False': False, **self._known}.get(node.value)
        if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
            inner = self._truth(node.expression)
            return None if inner is None else not inner
        if isinstance(node, cst.BooleanOperation):
            return self._combined(node)
        if isinstance(node, cst.IfExp):
            test = self._truth(node.test)
            return None if test is None else self._truth(node.body if test else node.orelse)
        return self._comparison(node) if isinstance(node, cst.Comparison) else None

    def _combined(self, node: cst.BooleanOperation) -> bool | None:
        left, right = self._truth(node.left), self._truth(node.right)
        decisive = isinstance(node.operator, cst.Or)
        if left is decisive or (right is decisive and not any(isinstance(part, cst.Call) for part in walk(node.left))):
            return decisive
        return None if left is None or right is None else not decisive

    def _comparison(self, node: cst.Comparison) -> bool | None:
        if len(node.comparisons) != 1:
            return None
        target = node.comparisons[0]
        left, operator, right = node.left, target.operator, target.comparator
        if isinstance(operator, cst.Is | cst.IsNot) and self._no_labels and _is(left, 'labels') and _is(right, 'None'):
            return isinstance(operator, cst.Is)
        if not self._takes_mode:
            return None
        if isinstance(operator, cst.Equal | cst.NotEqual):
            value = self._mode_value(right) if _is(left, 'mode') else self._mode_value(left)
            if value is not None and (_is(left, 'mode') or _is(right, 'mode')):
                return (value == self._mode) is isinstance(operator, cst.Equal)
        listed = right.elements if isinstance(right, cst.List | cst.Tuple | cst.Set) else ()
        if isinstance(operator, cst.In | cst.NotIn) and _is(left, 'mode') and listed:
            values = [self._mode_value(element.value) for element in listed]
            return None if None in values else (self._mode in values) is isinstance(operator, cst.In)
        return None

    def _mode_value(self, node: cst.BaseExpression) -> str | None:
        literal = string_value(node)
        return literal if literal is not None else MODES.get(self._view.symbol(node) or '')


def _is(node: cst.CSTNode, name: str) -> bool:
    return isinstance(node, cst.Name) and node.value == name


def _simplified(node: cst.CSTNode) -> cst.CSTNode:
    """`True and x` and `False or x` are `x`."""
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        opposite = {'True': 'False', 'False': 'True'}
        truth = node.expression.value if isinstance(node.expression, cst.Name) else ''
        return cst.Name(opposite[truth]) if truth in opposite else node
    if not isinstance(node, cst.BooleanOperation):
        return node
    is_and = isinstance(node.operator, cst.And)
    if _is(node.left, 'True' if is_and else 'False'):
        return _in_place_of(node, node.right)
    return _in_place_of(node, node.left) if _is(node.left, 'False' if is_and else 'True') else node


def _without_true(node: cst.BaseExpression) -> cst.BaseExpression:
    """A condition `x and True` is `x`."""
    if isinstance(node, cst.BooleanOperation):
        neutral = 'True' if isinstance(node.operator, cst.And) else 'False'
        if _is(node.right, neutral):
            return cast(cst.BaseExpression, _in_place_of(node, node.left))
    return node


def _in_place_of(old: cst.BaseExpression, new: cst.CSTNode) -> cst.CSTNode:
    """A part of an expression in its place: in the parentheses that stood there, if it may need them."""
    lines = '\n' in cst.Module([]).code_for_node(new)
    if not isinstance(new, cst.BaseExpression) or (isinstance(new, _PLAIN) and not lines):
        return new
    return new.with_changes(lpar=[*old.lpar, *new.lpar], rpar=[*new.rpar, *old.rpar])


def _statements(block: cst.BaseSuite) -> Sequence[cst.BaseStatement]:
    """The statements of a block; those of `if x: y` on one line as lines of their own."""
    if isinstance(block, cst.IndentedBlock):
        return block.body
    small = cst.ensure_type(block, cst.SimpleStatementSuite).body
    return [cst.SimpleStatementLine([s.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)]) for s in small]


def _header_comments(block: cst.BaseSuite) -> list[cst.EmptyLine]:
    return comments(block.header) if isinstance(block, cst.IndentedBlock) else []


def _is_return(statement: cst.CSTNode) -> bool:
    return isinstance(statement, cst.SimpleStatementLine) and isinstance(statement.body[-1], cst.Return)


def rebinds(function: cst.FunctionDef, name: str) -> bool:
    """Whether a function binds a name itself, in its own body: its inner functions may have one of their own."""
    inner = [_own_bindings(scope, name) for scope in walk(function.body) if isinstance(scope, INNER_SCOPES)]
    return bool(bindings(function.body, name).difference(*inner))


def reads_of(node: cst.CSTNode, name: str) -> list[cst.Name]:
    """Where `node` reads a name, but not where an inner function or comprehension means its own."""
    found = [found for found in name_nodes(node) if found.value == name]
    scopes = [scope for scope in walk(node) if isinstance(scope, INNER_SCOPES)] if found else []
    own = set().union(*(walk(scope) for scope in scopes if _own_bindings(scope, name)))
    return [read for read in found if read not in own]


def _own_bindings(scope: cst.CSTNode, name: str) -> set[cst.CSTNode]:
    """Where an inner function or comprehension binds a name within itself: what it is called is bound outside."""
    return {binding for binding in bindings(scope, name) if binding is not getattr(scope, 'name', None)}


def bindings(node: cst.CSTNode, name: str) -> set[cst.CSTNode]:
    """Where `node` binds a name, its inner functions' and comprehensions' own names included."""
    bound: set[cst.CSTNode] = set()
    for found in walk(node):
        if isinstance(found, _TARGETS):
            bound.update(inner for inner in walk(found.target) if _is(inner, name))
        elif isinstance(found, _NAMED) and _is(found.name, name):
            bound.add(found.name)
        elif isinstance(found, cst.ImportAlias) and (found.evaluated_alias or found.evaluated_name) == name:
            bound.add(found)
    return bound


def _forbid_returns(statement: cst.BaseStatement) -> None:
    delayed = [node for node in walk(statement) if isinstance(node, INNER_SCOPES)]
    inner = {node for scope in delayed for node in walk(scope)}
    for node in walk(statement):
        if isinstance(node, cst.Return) and node not in inner:
            raise Refusal('the model_fn returns inside of a block that the mode does not decide', node)
