"""Small helpers over libcst nodes: dotted names, call arguments, literals, comments, names read and bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar, cast

import libcst as cst

_Node = TypeVar('_Node', bound=cst.CSTNode)
_TEMPLATE = cst.PartialParserConfig(default_indent='    ', default_newline='\n')


def dotted_name(node: cst.CSTNode) -> str | None:
    """`a.b.c` for a chain of attributes on a name, else None."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return None
    return '.'.join([node.value, *reversed(parts)])


def code(node: cst.CSTNode) -> str:
    """The node's source text."""
    return cst.Module([]).code_for_node(node)


def one_line(node: cst.CSTNode) -> str:
    """The node's source text for a message."""
    return ' '.join(code(node).split())


def statement(text: str) -> cst.BaseStatement | cst.SimpleStatementLine:
    """Parses a statement of our own; its indentation follows the module that it is put into."""
    return cst.parse_statement(text, config=_TEMPLATE)


def expression(text: str) -> cst.BaseExpression:
    return cst.parse_expression(text, config=_TEMPLATE)


def arguments(call: cst.Call, parameters: Sequence[str]) -> dict[str, cst.BaseExpression] | None:
    """Arguments by parameter name; None for `*args`, `**kwargs`, unknown keywords or too many positions."""
    values: dict[str, cst.BaseExpression] = {}
    for position, argument in enumerate(call.args):
        if argument.star:
            return None
        if argument.keyword is not None:
            name = argument.keyword.value
        elif position < len(parameters):
            name = parameters[position]
        else:
            return None
        if name not in parameters or name in values:
            return None
        values[name] = argument.value
    return values


def string_value(node: cst.CSTNode | None) -> str | None:
    """The value of a plain string literal, else None."""
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    return None


def only_small_statement(node: cst.CSTNode) -> cst.BaseSmallStatement | None:
    """The one small statement of a line; None for compound statements and lines with `;`."""
    if isinstance(node, cst.SimpleStatementLine) and len(node.body) == 1:
        return node.body[0]
    return None


def assigned_value(node: cst.CSTNode) -> cst.BaseExpression | None:
    """The right side of a plain assignment or the expression of an expression statement."""
    small = only_small_statement(node)
    if isinstance(small, cst.Assign | cst.Expr):
        return small.value
    return None


def assigned_name(node: cst.CSTNode) -> str | None:
    """`x` for a statement `x = …`."""
    small = only_small_statement(node)
    if isinstance(small, cst.Assign) and len(small.targets) == 1 and isinstance(small.targets[0].target, cst.Name):
        return small.targets[0].target.value
    return None


def value_of(node: cst.CSTNode, name: str) -> cst.BaseExpression | None:
    """The right side of a plain assignment to `name`: neither to a part of it, nor to several names at once."""
    small = only_small_statement(node)
    if not isinstance(small, cst.Assign):
        return None
    targets = [target.target for target in small.targets]
    return small.value if any(isinstance(t, cst.Name) and t.value == name for t in targets) else None


def suite(node: cst.CSTNode) -> Sequence[cst.BaseStatement] | None:
    """The statements of an indented block, or None for `if x: y` on one line."""
    return node.body if isinstance(node, cst.IndentedBlock) else None


class _Walker(cst.CSTVisitor):
    def __init__(self, kind: type[cst.CSTNode] | tuple[type[cst.CSTNode], ...]) -> None:
        self.kind = kind
        self.found: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, self.kind):
            self.found.append(node)
        return True

    # What libcst would do at every node and attribute: look for a method of this class that is named after it.

    def on_leave(self, original_node: cst.CSTNode) -> None:
        pass

    def on_visit_attribute(self, node: cst.CSTNode, attribute: str) -> None:
        pass

    def on_leave_attribute(self, original_node: cst.CSTNode, attribute: str) -> None:
        pass


def find_all(node: cst.CSTNode, kind: type[cst.CSTNode] | tuple[type[cst.CSTNode], ...]) -> list[cst.CSTNode]:
    """Every node of a kind at or below `node`, in source order."""
    walker = _Walker(kind)
    node.visit(walker)
    return walker.found


def comments(node: cst.CSTNode) -> list[cst.EmptyLine]:
    """Every comment at or below `node`, each as a line of its own."""
    return [
        cst.EmptyLine(comment=cst.Comment(found.value))
        for found in find_all(node, cst.Comment)
        if isinstance(found, cst.Comment)
    ]


class _NameUse(cst.CSTVisitor):
    """Collects the names that a node reads and binds. Attribute names and keyword names are neither."""

    def __init__(self) -> None:
        self.reads: set[str] = set()
        self.binds: set[str] = set()
        self.locals: set[str] = set()
        """Of `binds`, the names that are bound themselves."""
        self._depth = 0

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        node.value.visit(self)
        return False

    def visit_Arg(self, node: cst.Arg) -> bool:
        node.value.visit(self)
        return False

    def visit_AssignTarget(self, node: cst.AssignTarget) -> bool:
        self._bind(node.target)
        return False

    def visit_AnnAssign(self, node: cst.AnnAssign) -> bool:
        self._bind(node.target)
        if node.value is not None:
            node.value.visit(self)
        return False

    def visit_AugAssign(self, node: cst.AugAssign) -> bool:
        self._bind(node.target)
        node.target.visit(self)
        node.value.visit(self)
        return False

    def visit_NamedExpr(self, node: cst.NamedExpr) -> bool:
        self._bind(node.target)
        node.value.visit(self)
        return False

    def visit_For(self, node: cst.For) -> bool:
        self._bind(node.target)
        node.iter.visit(self)
        node.body.visit(self)
        if node.orelse is not None:
            node.orelse.visit(self)
        return False

    def visit_ListComp(self, node: cst.ListComp) -> bool:
        return self._visit_inner_scope(node)

    def visit_SetComp(self, node: cst.SetComp) -> bool:
        return self._visit_inner_scope(node)

    def visit_DictComp(self, node: cst.DictComp) -> bool:
        return self._visit_inner_scope(node)

    def visit_GeneratorExp(self, node: cst.GeneratorExp) -> bool:
        return self._visit_inner_scope(node)

    def _visit_inner_scope(self, node: cst.CSTNode) -> bool:
        self.reads.update(name.value for name in name_nodes(node))
        for named in find_all(node, cst.NamedExpr):
            self._bind(cst.ensure_type(named, cst.NamedExpr).target)
        return False

    def visit_AsName(self, node: cst.AsName) -> bool:
        self._bind(node.name)
        return False

    def visit_Del(self, node: cst.Del) -> bool:
        self._bind(node.target)
        return True

    def visit_ImportAlias(self, node: cst.ImportAlias) -> bool:
        name = node.evaluated_alias or node.evaluated_name.split('.')[0]
        self._bind_name(name)
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        if not isinstance(node.names, cst.ImportStar):
            for alias in node.names:
                alias.visit(self)
        return False

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        self._bind_name(node.name.value)
        for part in [*node.decorators, node.params]:
            part.visit(self)
        self.reads |= free_names(node)
        return False

    def visit_Lambda(self, node: cst.Lambda) -> bool:
        self.reads.update(name.value for name in name_nodes(node))
        return False

    def visit_ClassDef(self, node: cst.ClassDef) -> bool:
        self._bind_name(node.name.value)
        self._depth += 1
        return True

    def leave_ClassDef(self, original_node: cst.ClassDef) -> None:
        self._depth -= 1

    def visit_Param(self, node: cst.Param) -> bool:
        if node.default is not None:
            node.default.visit(self)
        return False

    def visit_Name(self, node: cst.Name) -> None:
        self.reads.add(node.value)

    def _bind_name(self, name: str) -> None:
        if not self._depth:
            self.binds.add(name)
            self.locals.add(name)

    def _bind(self, target: cst.CSTNode) -> None:
        """Binds a target's names; what is stored into (`x[0] = …`, `x.y = …`) is read and changed."""
        if isinstance(target, cst.Name):
            self._bind_name(target.value)
        elif isinstance(target, cst.Tuple | cst.List):
            for element in target.elements:
                self._bind(element.value)
        elif isinstance(target, cst.StarredElement):
            self._bind(target.value)
        elif isinstance(target, cst.Subscript | cst.Attribute):
            target.visit(self)
            base: cst.CSTNode = target
            while isinstance(base, cst.Subscript | cst.Attribute):
                base = base.value
            if isinstance(base, cst.Name) and not self._depth:
                self.binds.add(base.value)


def free_names(function: cst.FunctionDef) -> frozenset[str]:
    """The names that a function's body reads, or changes the objects of, from around itself."""
    use = _NameUse()
    function.body.visit(use)
    own = use.locals | _parameter_names(function.params)
    return frozenset(use.reads - own) | (declared_names(function) & (use.reads | use.binds))


def declared_names(function: cst.FunctionDef) -> frozenset[str]:
    """The names that a function declares `global` or `nonlocal`."""
    return frozenset(cst.ensure_type(i, cst.NameItem).name.value for i in find_all(function.body, cst.NameItem))


def names_used(node: cst.CSTNode) -> tuple[frozenset[str], frozenset[str]]:
    """(names read, names bound or changed) by a statement or expression, its nested functions' reads included."""
    use = _NameUse()
    node.visit(use)
    return frozenset(use.reads), frozenset(use.binds)


def reads(node: cst.CSTNode) -> frozenset[str]:
    """The names that an expression reads."""
    return names_used(node)[0]


def name_nodes(node: cst.CSTNode) -> list[cst.Name]:
    """Every name node at or below `node` that stands for a value: no attribute, keyword or parameter names.

    Names that a lambda or a comprehension binds for itself are left out as well.
    """
    finder = _NameNodes()
    node.visit(finder)
    return finder.found


class _NameNodes(cst.CSTVisitor):
    def __init__(self) -> None:
        self.found: list[cst.Name] = []
        self._hidden: list[frozenset[str]] = []

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        node.value.visit(self)
        return False

    def visit_Arg(self, node: cst.Arg) -> bool:
        node.value.visit(self)
        return False

    def visit_Param(self, node: cst.Param) -> bool:
        if node.default is not None:
            node.default.visit(self)
        return False

    def visit_Lambda(self, node: cst.Lambda) -> bool:
        node.params.visit(self)
        self._visit_hiding(_parameter_names(node.params), [node.body])
        return False

    def visit_ListComp(self, node: cst.ListComp) -> bool:
        return self._visit_comprehension(node.for_in, [node.elt])

    def visit_SetComp(self, node: cst.SetComp) -> bool:
        return self._visit_comprehension(node.for_in, [node.elt])

    def visit_GeneratorExp(self, node: cst.GeneratorExp) -> bool:
        return self._visit_comprehension(node.for_in, [node.elt])

    def visit_DictComp(self, node: cst.DictComp) -> bool:
        return self._visit_comprehension(node.for_in, [node.key, node.value])

    def visit_Name(self, node: cst.Name) -> None:
        if not any(node.value in names for names in self._hidden):
            self.found.append(node)

    def _visit_comprehension(self, first: cst.CompFor, elements: Sequence[cst.CSTNode]) -> bool:
        first.iter.visit(self)
        targets: set[str] = set()
        parts: list[cst.CSTNode] = []
        clause: cst.CompFor | None = first
        while clause is not None:
            targets.update(name.value for name in name_nodes(clause.target))
            parts += clause.ifs if clause is first else [clause.iter, *clause.ifs]
            clause = clause.inner_for_in
        self._visit_hiding(frozenset(targets), [*elements, *parts])
        return False

    def _visit_hiding(self, names: frozenset[str], nodes: Sequence[cst.CSTNode]) -> None:
        self._hidden.append(names)
        for node in nodes:
            node.visit(self)
        self._hidden.pop()


def _parameter_names(parameters: cst.Parameters) -> frozenset[str]:
    return frozenset(p.name.value for p in find_all(parameters, cst.Param) if isinstance(p, cst.Param))


class _Replacer(cst.CSTTransformer):
    def __init__(self, replacements: Mapping[cst.CSTNode, cst.CSTNode]) -> None:
        self._replacements = replacements

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node not in self._replacements

    def on_leave(self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT) -> cst.CSTNodeT:
        replacement = self._replacements.get(original_node, updated_node)
        return cast(cst.CSTNodeT, replacement)


def replace_nodes(node: _Node, replacements: Mapping[cst.CSTNode, cst.CSTNode]) -> _Node:
    """`node` with some of the nodes below it (known by identity) replaced."""
    if not replacements:
        return node
    return cast(_Node, node.visit(_Replacer(replacements)))


def dict_items(node: cst.CSTNode) -> list[tuple[cst.BaseExpression, cst.BaseExpression]] | None:
    """The (key, value) expressions of a dict display without `**`, or of `dict(a=…)`; None for anything else."""
    if isinstance(node, cst.Dict):
        pairs = [(e.key, e.value) for e in node.elements if isinstance(e, cst.DictElement)]
        return pairs if len(pairs) == len(node.elements) else None
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == 'dict':
        named = [(cst.SimpleString(repr(a.keyword.value)), a.value) for a in node.args if a.keyword is not None]
        return list(named) if len(named) == len(node.args) else None
    return None
