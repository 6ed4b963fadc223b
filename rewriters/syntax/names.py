"""Which names a piece of code reads and binds, told without the scopes around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import libcst as cst

from rewriters.trees import children, find_all


def free_names(function: cst.FunctionDef) -> frozenset[str]:
    """The names that a function's body reads, or changes the objects of, from around itself."""
    use = _NameUse(function.body)
    own = use.locals | _parameter_names(function.params)
    return frozenset(use.reads - own) | (declared_names(function) & (use.reads | use.binds))


def declared_names(function: cst.FunctionDef) -> frozenset[str]:
    """The names that a function declares `global` or `nonlocal`."""
    return frozenset(cst.ensure_type(i, cst.NameItem).name.value for i in find_all(function.body, cst.NameItem))


def names_used(node: cst.CSTNode) -> tuple[frozenset[str], frozenset[str]]:
    """(names read, names bound or changed) by a statement or expression, its nested functions' reads included."""
    use = _NameUse(node)
    return frozenset(use.reads), frozenset(use.binds)


def reads(node: cst.CSTNode) -> frozenset[str]:
    """The names that an expression reads."""
    return names_used(node)[0]


def name_nodes(node: cst.CSTNode) -> list[cst.Name]:
    """Every name node at or below `node` that stands for a value: no attribute, keyword or parameter names.

    Names that a lambda or a comprehension binds for itself are left out as well.
    """
    return _NameNodes(node).found


def every_name(node: cst.CSTNode) -> frozenset[str]:
    """Every name that stands at or below `node`, whatever it is bound to; attributes and keywords are none."""
    found: set[str] = set()
    todo = [node]
    while todo:
        node = todo.pop()
        if type(node) is cst.Name:
            found.add(node.value)
        elif type(node) is cst.Attribute or type(node) is cst.Arg:
            todo.append(node.value)
        else:
            todo += children(node)
    return frozenset(found)


class _NameUse:
    """The names that a node reads and binds. Attribute names and keyword names are neither."""

    def __init__(self, node: cst.CSTNode) -> None:
        self.reads: set[str] = set()
        self.binds: set[str] = set()
        self.locals: set[str] = set()
        """Of `binds`, the names that are bound themselves."""
        self._is_inside_class = False
        self._look(node)

    def _look(self, *nodes: cst.CSTNode | None) -> None:
        todo = [node for node in nodes if node is not None]
        while todo:
            node = todo.pop()
            handler = _USES.get(type(node))
            if handler is not None:
                handler(self, node)
            else:
                todo += children(node)

    def _name(self, node: cst.Name) -> None:
        self.reads.add(node.value)

    def _value(self, node: cst.Attribute | cst.Arg) -> None:
        self._look(node.value)

    def _assign_target(self, node: cst.AssignTarget) -> None:
        self._bind(node.target)

    def _assign(self, node: cst.AnnAssign | cst.NamedExpr) -> None:
        self._bind(node.target)
        self._look(node.value)

    def _change(self, node: cst.AugAssign) -> None:
        self._bind(node.target)
        self._look(node.target, node.value)

    def _for(self, node: cst.For) -> None:
        self._bind(node.target)
        self._look(node.iter, node.body, node.orelse)

    def _inner_scope(self, node: cst.CSTNode) -> None:
        self.reads.update(name.value for name in name_nodes(node))

    def _comprehension(self, node: cst.CSTNode) -> None:
        self._inner_scope(node)
        for named in find_all(node, cst.NamedExpr):
            self._bind(cst.ensure_type(named, cst.NamedExpr).target)

    def _as_name(self, node: cst.AsName) -> None:
        self._bind(node.name)

    def _del(self, node: cst.Del) -> None:
        self._bind(node.target)
        self._look(node.target)

    def _import_alias(self, node: cst.ImportAlias) -> None:
        self._bind_name(node.evaluated_alias or node.evaluated_name.split('.')[0])

    def _import_from(self, node: cst.ImportFrom) -> None:
        if not isinstance(node.names, cst.ImportStar):
            self._look(*node.names)

    def _function(self, node: cst.FunctionDef) -> None:
        self._bind_name(node.name.value)
        self._look(*node.decorators, node.params)
        self.reads |= free_names(node)

    def _class(self, node: cst.ClassDef) -> None:
        """What its body binds is the class's."""
        self._bind_name(node.name.value)
        outside, self._is_inside_class = self._is_inside_class, True
        self._look(*children(node))
        self._is_inside_class = outside

    def _param(self, node: cst.Param) -> None:
        self._look(node.default)

    def _bind_name(self, name: str) -> None:
        if not self._is_inside_class:
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
            self._look(target)
            base: cst.CSTNode = target
            while isinstance(base, cst.Subscript | cst.Attribute):
                base = base.value
            if isinstance(base, cst.Name) and not self._is_inside_class:
                self.binds.add(base.value)


_USES: dict[type[cst.CSTNode], Callable[[_NameUse, Any], None]] = {
    cst.AnnAssign: _NameUse._assign,
    cst.Arg: _NameUse._value,
    cst.AsName: _NameUse._as_name,
    cst.AssignTarget: _NameUse._assign_target,
    cst.Attribute: _NameUse._value,
    cst.AugAssign: _NameUse._change,
    cst.ClassDef: _NameUse._class,
    cst.Del: _NameUse._del,
    cst.DictComp: _NameUse._comprehension,
    cst.For: _NameUse._for,
    cst.FunctionDef: _NameUse._function,
    cst.GeneratorExp: _NameUse._comprehension,
    cst.ImportAlias: _NameUse._import_alias,
    cst.ImportFrom: _NameUse._import_from,
    cst.Lambda: _NameUse._inner_scope,
    cst.ListComp: _NameUse._comprehension,
    cst.Name: _NameUse._name,
    cst.NamedExpr: _NameUse._assign,
    cst.Param: _NameUse._param,
    cst.SetComp: _NameUse._comprehension,
}


class _NameNodes:
    def __init__(self, node: cst.CSTNode) -> None:
        self.found: list[cst.Name] = []
        self._hidden: list[frozenset[str]] = []
        self._look([node])

    def _look(self, nodes: Iterable[cst.CSTNode | None]) -> None:
        for node in nodes:
            handler = _VALUES.get(type(node))
            if handler is not None:
                handler(self, node)
            elif node is not None:
                self._look(children(node))

    def _name(self, node: cst.Name) -> None:
        if not any(node.value in names for names in self._hidden):
            self.found.append(node)

    def _value(self, node: cst.Attribute | cst.Arg) -> None:
        self._look([node.value])

    def _param(self, node: cst.Param) -> None:
        self._look([node.default])

    def _lambda(self, node: cst.Lambda) -> None:
        self._look([node.params])
        self._look_hiding(_parameter_names(node.params), [node.body])

    def _elements(self, node: cst.ListComp | cst.SetComp | cst.GeneratorExp) -> None:
        self._comprehension(node.for_in, [node.elt])

    def _pairs(self, node: cst.DictComp) -> None:
        self._comprehension(node.for_in, [node.key, node.value])

    def _comprehension(self, first: cst.CompFor, elements: Sequence[cst.CSTNode]) -> None:
        self._look([first.iter])
        targets: set[str] = set()
        parts: list[cst.CSTNode] = []
        clause: cst.CompFor | None = first
        while clause is not None:
            targets.update(name.value for name in name_nodes(clause.target))
            parts += clause.ifs if clause is first else [clause.iter, *clause.ifs]
            clause = clause.inner_for_in
        self._look_hiding(frozenset(targets), [*elements, *parts])

    def _look_hiding(self, names: frozenset[str], nodes: Sequence[cst.CSTNode]) -> None:
        self._hidden.append(names)
        self._look(nodes)
        self._hidden.pop()


_VALUES: dict[type[cst.CSTNode] | type[None], Callable[[_NameNodes, Any], None]] = {
    cst.Arg: _NameNodes._value,
    cst.Attribute: _NameNodes._value,
    cst.DictComp: _NameNodes._pairs,
    cst.GeneratorExp: _NameNodes._elements,
    cst.Lambda: _NameNodes._lambda,
    cst.ListComp: _NameNodes._elements,
    cst.Name: _NameNodes._name,
    cst.Param: _NameNodes._param,
    cst.SetComp: _NameNodes._elements,
}


def _parameter_names(parameters: cst.Parameters) -> frozenset[str]:
    return frozenset(p.name.value for p in find_all(parameters, cst.Param) if isinstance(p, cst.Param))
