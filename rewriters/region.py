"""The straight-line stretch of code that an export site lives in: its statements in order, and what reaches what.

A region is one suite (a module's, function's or branch's body), or the body of the `with tf.Graph().as_default():`
around the site. `with tf.Session()` and `with tf.Graph()` blocks inside are looked through: they end a session or name
a graph, neither of which TensorFlow 2 has. Other compound statements are taken as one step.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.mutation import mutated
from rewriters.syntax import comments, names_used, suite

_SESSIONS = frozenset({'Session', 'InteractiveSession'})
_Body = cst.Module | cst.IndentedBlock


@dataclass(frozen=True, eq=False)
class Step:
    """One statement of a region, and the names that it reads and binds, which few are ever asked for."""

    index: int
    node: cst.BaseStatement
    view: ModuleView

    @property
    def reads(self) -> frozenset[str]:
        return self._names[0]

    @property
    def binds(self) -> frozenset[str]:
        """Changing an object binds its name."""
        return self._names[1]

    @functools.cached_property
    def _names(self) -> tuple[frozenset[str], frozenset[str]]:
        reads, binds = names_used(self.node)
        return reads, binds | mutated(self.view, self.node)


@dataclass(frozen=True)
class Region:
    """The steps of a region. `root` is the node that a writer replaces: a `with` statement, or a whole body.

    `sessions` and `graphs` are the names that the looked-through `with` statements bind; `openings` are those
    statements, and `begins` the indices of the steps that they begin with.
    """

    root: cst.With | _Body
    body: _Body
    steps: tuple[Step, ...]
    sessions: frozenset[str]
    graphs: frozenset[str]
    openings: tuple[cst.With, ...]
    begins: tuple[int, ...]

    def opened_at(self, index: int) -> list[cst.With]:
        """The `with` statements that begin with a step, or have none, and stand behind the step before."""
        last = len(self.steps) - 1
        return [node for node, begin in zip(self.openings, self.begins, strict=True) if min(begin, last) == index]

    def reaching(self, name: str, before: int) -> Step | None:
        """The last step before index `before` that binds `name`."""
        for step in reversed(self.steps[:before]):
            if name in step.binds:
                return step
        return None

    def step_of(self, statement: cst.CSTNode) -> Step | None:
        return next((step for step in self.steps if step.node is statement), None)

    def binds(self) -> frozenset[str]:
        return frozenset().union(*(step.binds for step in self.steps))

    def names(self) -> frozenset[str]:
        """Every name that a statement of the region binds or reads, its functions' and classes' bodies aside."""
        plain = [s for s in self.steps if not isinstance(s.node, cst.FunctionDef | cst.ClassDef)]
        return self.binds().union(*(step.reads for step in plain))


def find_regions(view: ModuleView) -> list[Region]:
    """Every region of the module, the inner ones of a body before the body itself."""
    regions: list[Region] = []
    bodies: list[_Body] = [view.module, *view.find_all(cst.IndentedBlock)]
    for body in bodies:
        statements = body.body
        for statement in statements:
            if isinstance(statement, cst.With) and opens(view, statement) == 'graph':
                regions.append(_region(view, statement, body, [statement]))
        regions.append(_region(view, body, body, statements))
    return regions


def _region(
    view: ModuleView, root: cst.With | _Body, body: _Body, statements: Sequence[cst.CSTNode]
) -> Region:
    collector = _Collector(view, inside_graph=isinstance(root, cst.With))
    collector.add(statements)
    steps = tuple(Step(index, node, view) for index, node in enumerate(collector.statements))
    names = frozenset(collector.sessions), frozenset(collector.graphs)
    return Region(root, body, steps, *names, tuple(collector.openings), tuple(collector.begins))


class _Collector:
    """Flattens statements through the `with` blocks that open a graph or a session."""

    def __init__(self, view: ModuleView, inside_graph: bool) -> None:
        self._view = view
        self._inside_graph = inside_graph
        self.statements: list[cst.BaseStatement] = []
        self.sessions: set[str] = set()
        self.graphs: set[str] = set()
        self.openings: list[cst.With] = []
        self.begins: list[int] = []

    def add(self, statements: Sequence[cst.CSTNode]) -> None:
        for node in statements:
            if isinstance(node, cst.With) and self._is_looked_through(node):
                self._open(node)
            elif isinstance(node, cst.BaseStatement):
                self.statements.append(node)

    def _is_looked_through(self, node: cst.With) -> bool:
        kind = opens(self._view, node)
        return suite(node.body) is not None and (kind == 'session' or (kind == 'graph' and self._inside_graph))

    def _open(self, node: cst.With) -> None:
        self.openings.append(node)
        self.begins.append(len(self.statements))
        for item in node.items:
            if item.asname is not None and isinstance(item.asname.name, cst.Name):
                names = self.sessions if self._view.called(item.item) in _SESSIONS else self.graphs
                names.add(item.asname.name.value)
        self.add(suite(node.body) or ())


def opens(view: ModuleView, node: cst.With) -> str | None:
    """'graph' or 'session' where every item of the `with` opens one (graph wins), else None."""
    kinds = {_item_kind(view, item.item) for item in node.items}
    if None in kinds or node.asynchronous is not None:
        return None
    return 'graph' if 'graph' in kinds else 'session'


def _item_kind(view: ModuleView, item: cst.BaseExpression) -> str | None:
    if view.called(item) in _SESSIONS:
        return 'session'
    if not isinstance(item, cst.Call) or not isinstance(item.func, cst.Attribute):
        return None
    return 'graph' if item.func.attr.value == 'as_default' and view.called(item.func.value) == 'Graph' else None


def header_comments(node: cst.With) -> list[cst.EmptyLine]:
    """The comments around a `with` statement's first line and at its end, as lines of their own."""
    lines = comments(node.with_changes(body=cst.IndentedBlock([])))
    if isinstance(node.body, cst.IndentedBlock):
        lines += [*comments(node.body.header), *(line for footer in node.body.footer for line in comments(footer))]
    return lines
