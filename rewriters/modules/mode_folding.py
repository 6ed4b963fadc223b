"""Evaluates a model_fn's `mode` at rewrite time: branches on it are decided, and what can't be reached is dropped.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/estimator/ModeKeys
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.refusal import Refusal
from rewriters.region import Step
from rewriters.syntax import name_nodes, names_used, replace_nodes, string_value, suite

_MODES = {
    f'{home}.ModeKeys.{name}': value
    for home in ('estimator', 'contrib.learn')
    for name, value in {'TRAIN': 'train', 'EVAL': 'eval', 'PREDICT': 'infer', 'INFER': 'infer'}.items()
}
TRAIN, PREDICT = 'train', 'infer'


def fold(view: ModuleView, function: cst.FunctionDef, parameter: str, mode: str) -> list[cst.BaseStatement]:
    """The statements that run when `parameter` has the value `mode`, up to the return that ends them.

    Raises:
        Refusal: what runs depends on more than the mode, or the mode is used in another way than by comparison.
    """
    folder = _Folder(view, parameter, mode)
    body = suite(function.body)
    if body is None:
        raise Refusal('the model_fn is written on one line', function)
    folder.add(body)
    if not folder.returned:
        raise Refusal(f'the model_fn does not always return a spec in mode "{mode}"', function)
    for statement in folder.statements[:-1]:
        _forbid_returns(statement)
    return folder.statements


class _Folder:
    def __init__(self, view: ModuleView, parameter: str, mode: str) -> None:
        self._view = view
        self._parameter = parameter
        self._mode = mode
        self.statements: list[cst.BaseStatement] = []
        self.returned = False

    def add(self, body: Sequence[cst.BaseStatement]) -> None:
        for statement in body:
            if self.returned:
                return
            if isinstance(statement, cst.If) and self._reads_mode(statement.test):
                self._add_branch(statement)
            else:
                self.statements.append(self._with_decided_comparisons(statement))
                self.returned = _is_return(statement)

    def _reads_mode(self, node: cst.CSTNode) -> bool:
        return any(name.value == self._parameter for name in name_nodes(node))

    def _add_branch(self, statement: cst.If) -> None:
        decided = self._value(statement.test)
        if decided is None:
            raise Refusal('a branch depends on the mode in a way that is not understood', statement.test)
        taken: cst.CSTNode | None = statement.body if decided else statement.orelse
        if isinstance(taken, cst.If):
            self.add([_with_comments_of(statement, taken)])
        elif isinstance(taken, cst.Else):
            self._add_block(taken.body, statement)
        elif taken is not None:
            self._add_block(taken, statement)

    def _add_block(self, block: cst.CSTNode, origin: cst.If) -> None:
        statements = suite(block)
        if statements is None:
            raise Refusal('a branch on the mode is written on one line', origin)
        self.add(statements)

    def _value(self, node: cst.BaseExpression) -> bool | None:
        """The truth of a condition in this mode; None where it is not decided by the mode alone."""
        if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
            inner = self._value(node.expression)
            return None if inner is None else not inner
        if isinstance(node, cst.BooleanOperation):
            return self._combined(node)
        return self._comparison(node) if isinstance(node, cst.Comparison) else None

    def _combined(self, node: cst.BooleanOperation) -> bool | None:
        left, right = self._value(node.left), self._value(node.right)
        decisive = isinstance(node.operator, cst.Or)
        if decisive in (left, right):
            return decisive
        return None if None in (left, right) else not decisive

    def _comparison(self, node: cst.Comparison) -> bool | None:
        if len(node.comparisons) != 1 or not self._is_mode(node.left):
            return None
        target = node.comparisons[0]
        if isinstance(target.operator, cst.Equal | cst.NotEqual):
            value = self._mode_value(target.comparator)
            return None if value is None else (value == self._mode) == isinstance(target.operator, cst.Equal)
        listed = target.comparator
        if not isinstance(target.operator, cst.In | cst.NotIn) or not isinstance(listed, cst.List | cst.Tuple | cst.Set):
            return None
        values = [self._mode_value(element.value) for element in listed.elements]
        return None if None in values else (self._mode in values) == isinstance(target.operator, cst.In)

    def _is_mode(self, node: cst.BaseExpression) -> bool:
        return isinstance(node, cst.Name) and node.value == self._parameter

    def _mode_value(self, node: cst.BaseExpression) -> str | None:
        literal = string_value(node)
        return literal if literal is not None else _MODES.get(self._view.symbol(node) or '')

    def _with_decided_comparisons(self, statement: cst.BaseStatement) -> cst.BaseStatement:
        """`training=mode == TRAIN` becomes `training=False`."""
        finder = _ComparisonFinder()
        statement.visit(finder)
        decided: dict[cst.CSTNode, cst.CSTNode] = {}
        for comparison in finder.found:
            value = self._comparison(comparison)
            if value is not None:
                decided[comparison] = cst.Name(str(value))
        return replace_nodes(statement, decided)


class _ComparisonFinder(cst.CSTVisitor):
    def __init__(self) -> None:
        self.found: list[cst.Comparison] = []

    def visit_Comparison(self, node: cst.Comparison) -> bool:
        self.found.append(node)
        return False


def _with_comments_of(statement: cst.If, branch: cst.If) -> cst.If:
    return branch.with_changes(leading_lines=[*statement.leading_lines, *branch.leading_lines])


def _is_return(statement: cst.BaseStatement) -> bool:
    return isinstance(statement, cst.SimpleStatementLine) and isinstance(statement.body[-1], cst.Return)


def _forbid_returns(statement: cst.BaseStatement) -> None:
    finder = _ReturnFinder()
    statement.visit(finder)
    if finder.found:
        raise Refusal('the model_fn returns under a condition that is not the mode', finder.found[0])


class _ReturnFinder(cst.CSTVisitor):
    def __init__(self) -> None:
        self.found: list[cst.Return] = []

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        return False

    def visit_Lambda(self, node: cst.Lambda) -> bool:
        return False

    def visit_Return(self, node: cst.Return) -> None:
        self.found.append(node)


def steps_of(statements: Sequence[cst.BaseStatement]) -> list[Step]:
    """Folded statements as steps, for following names."""
    return [Step(index, node, *names_used(node)) for index, node in enumerate(statements)]
