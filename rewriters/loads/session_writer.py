"""Writes a load into a session as `tf.saved_model.load`, and its runs as calls of the model's signatures."""

from __future__ import annotations

import re
from collections.abc import Callable

import libcst as cst

from rewriters.loads.edits import Edits
from rewriters.loads.helpers import Helpers
from rewriters.loads.parts import Kind, Part, SignatureRef, spelled
from rewriters.loads.session_loads import Run, SessionLoad, reads_same_anywhere
from rewriters.loads.variables import Variable, method_around, occurrences, self_name
from rewriters.module_view import ModuleView
from rewriters.modules.serving import unique
from rewriters.refusal import Refusal
from rewriters.syntax import code, expression, find_all, name_nodes, only_small_statement, statement

_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(' '))
_MISLEADING = re.compile('meta|graph', re.IGNORECASE)


def write(view: ModuleView, plan: SessionLoad, helpers: Helpers) -> dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]:
    """What replaces the statements of one load, the load's own first.

    Raises:
        Refusal: the new code can't be spelled where it has to stand.
    """
    return _Writer(view, plan, helpers).write()


class _Writer:
    def __init__(self, view: ModuleView, plan: SessionLoad, helpers: Helpers) -> None:
        self.view = view
        self.plan = plan
        self.flow = plan.flow
        self.helpers = helpers
        self.edits = Edits(view)
        self.reads: dict[cst.CSTNode, Variable] = {n: v for v in self.flow.variables for n in occurrences(view, v)}
        self.renamed: dict[Variable, str] = {}
        self.kept: list[tuple[SignatureRef, str]] = []
        """Signatures that get an attribute of their own, and its name."""

    def write(self) -> dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]:
        self._rename_model()
        self.edits.replace(self.plan.call, self._load())
        for node, part in self.flow.parts.items():
            self._part(node, part)
        for run in self.plan.runs:
            self.edits.replace(run.call, self._run(run))
        closing = {self.flow.parent(self.flow.parent(call)) for call in self.flow.calls_dropped}
        for dropped in self.plan.dropped:
            self.edits.drop(dropped, dropped in closing)
        for item in self.plan.opened:
            self.edits.drop_item(item)
        return self.edits.finish()

    def _load(self) -> Callable[[cst.CSTNode], cst.BaseExpression]:
        text = f'{self.helpers.tf}.saved_model.load({code(self.plan.directory)}, tags={code(self.plan.tags)})'
        return lambda updated: expression(text)

    def _part(self, node: cst.CSTNode, part: Part) -> None:
        variable = self.reads.get(node)
        if part.kind is Kind.SIGNATURES and isinstance(node, cst.Attribute) and variable is None:
            self.edits.replace(node, lambda updated: updated.with_changes(attr=cst.Name('signatures')))
        elif part.kind is Kind.TENSOR and part.key is not None and (variable is None or variable in self.plan.inlined):
            key = part.key.deep_clone()
            self.edits.replace(node, lambda updated: key)

    def _run(self, run: Run) -> Callable[[cst.CSTNode], cst.BaseExpression]:
        signature = expression(self._spelled(run))
        name = cst.Name(self.helpers.need('run_signature'))

        def call(updated: cst.CSTNode) -> cst.BaseExpression:
            old = cst.ensure_type(updated, cst.Call)
            given = [a for a in old.args if not _is_none(a)] if not run.has_feeds else list(old.args)
            if not run.has_feeds:
                given = [*(a.with_changes(comma=_COMMA) for a in given), cst.Arg(cst.Dict([]))]
            return old.with_changes(func=name, args=[cst.Arg(signature, comma=_COMMA), *given])

        return call

    def _spelled(self, run: Run) -> str:
        """The signature's source text where it is run."""
        ref = run.signature
        owner = self._text(ref.variable, run.call)
        if owner is not None and (ref.key is None or self._key_means_same(ref.key, run.call)):
            return ref.text(owner)
        return self._kept(ref, run.call)

    def _key_means_same(self, key: cst.BaseExpression, at: cst.CSTNode) -> bool:
        if reads_same_anywhere(self.view, key):
            return True
        function = self.view.enclosing_function(key)
        is_parameter = function is not None and isinstance(key, cst.Name) and _is_only_parameter(function, key.value)
        if is_parameter and self.view.enclosing_function(at) is function:
            return True
        raise Refusal('the signature is looked up by a key that may be another one where it is run', key)

    def _kept(self, ref: SignatureRef, at: cst.CSTNode) -> str:
        """Keeps a signature in an attribute, where the session was in one."""
        here, there = method_around(self.view, at), method_around(self.view, self.plan.call)
        if here is None or there is None or here[0] is not there[0] or self._is_printed(ref.variable):
            raise Refusal('the signature is not kept where the session runs', at)
        name = next((name for known, name in self.kept if known.is_same(ref)), '')
        if not name:
            name = self._attribute_name(here[0])
            self.kept.append((ref, name))
            self._keep(ref, f'{self_name(there[1])}.{name}')
        return f'{self_name(here[1])}.{name}'

    def _keep(self, ref: SignatureRef, target: str) -> None:
        where = self.flow.bindings[ref.variable]
        small = only_small_statement(where)
        if not isinstance(small, cst.Assign) or self.view.enclosing_function(where) is not method_around(
            self.view, self.plan.call
        )[1]:  # type: ignore[index]
            raise Refusal('the signature is not kept where the session runs', where)
        if ref.key is None:
            self.edits.replace(small.targets[0].target, lambda updated: expression(target))
            return
        owner = self._text(ref.variable, where)
        if owner is None or not reads_same_anywhere(self.view, ref.key):
            raise Refusal('the signature is looked up by a key that may be another one where it is run', ref.key)
        self.edits.add_after(where, statement(f'{target} = {ref.text(owner)}\n'))

    def _is_printed(self, variable: Variable) -> bool:
        return any(node in self.flow.printed for node in occurrences(self.view, variable))

    def _attribute_name(self, class_: cst.ClassDef) -> str:
        taken = {a.attr.value for a in find_all(class_, cst.Attribute) if isinstance(a, cst.Attribute)}
        taken |= {f.name.value for f in find_all(class_, cst.FunctionDef) if isinstance(f, cst.FunctionDef)}
        names = ['signature', *(f'signature_{number}' for number in range(2, len(taken) + len(self.kept) + 3))]
        return next(name for name in names if name not in taken and all(name != known for _, known in self.kept))

    def _rename_model(self) -> None:
        """`meta_graph_def` is a model now, and is called so."""
        for variable, part in self.flow.variables.items():
            if part.kind is Kind.MODEL and not variable.is_attribute and _MISLEADING.search(variable.name):
                taken = {node.value for node in name_nodes(variable.scope)}
                name = unique('model', taken | self.view.names if variable.scope is self.view.module else taken)
                self.renamed[variable] = name
                for node in occurrences(self.view, variable):
                    self.edits.replace(node, _renamed_to(name))

    def _text(self, variable: Variable, at: cst.CSTNode) -> str | None:
        text = spelled(self.view, variable, at)
        return self.renamed.get(variable, text) if text is not None else None


def _renamed_to(name: str) -> Callable[[cst.CSTNode], cst.Name]:
    return lambda updated: cst.Name(name)


def _is_none(argument: cst.Arg) -> bool:
    return isinstance(argument.value, cst.Name) and argument.value.value == 'None'


def _is_only_parameter(function: cst.FunctionDef, name: str) -> bool:
    """Whether a function has a parameter of that name, and never binds the name again."""
    parameters = [p.name.value for p in find_all(function.params, cst.Param) if isinstance(p, cst.Param)]
    targets = [t.target for t in find_all(function.body, cst.AssignTarget) if isinstance(t, cst.AssignTarget)]
    loops = [f.target for f in find_all(function.body, cst.For) if isinstance(f, cst.For)]
    bound = {n.value for target in [*targets, *loops] for n in find_all(target, cst.Name) if isinstance(n, cst.Name)}
    return name in parameters and name not in bound
