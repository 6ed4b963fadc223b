"""Follows a session and the SavedModel in it through a module: what each expression made from them stands for.

Every use must be one that is understood; the first that is not refuses the whole load. So what comes out is complete.
"""

from __future__ import annotations

import libcst as cst

from rewriters.loads.parts import Kind, Part, SignatureRef
from rewriters.loads.variables import Variable, check_outside_uses, occurrences, variable_of
from rewriters.module_view import ModuleView
from rewriters.refusal import Refusal
from rewriters.syntax import assigned_value, one_line

_CONTAINERS = (cst.List, cst.Tuple)
_TENSOR_LOOKUPS = ('get_tensor_by_name', 'as_graph_element')
_RUN_WITH = (Kind.TENSOR, Kind.FETCHES, Kind.FEEDS)
_PRINTED = (Kind.MODEL, Kind.SIGNATURES, Kind.SIGNATURE, Kind.TENSOR)


class Flow:
    """What is known after `follow`: parts by node, variables, `Session.run` calls, and what falls away.

    Raises:
        Refusal: names the first use that is not understood.
    """

    def __init__(self, view: ModuleView) -> None:
        self.view = view
        self.parts: dict[cst.CSTNode, Part] = {}
        self.variables: dict[Variable, Part] = {}
        self.bindings: dict[Variable, cst.CSTNode] = {}
        """The statement, or item of a `with`, that binds each variable."""
        self.runs: list[cst.Call] = []
        self.lookups: list[cst.Call] = []
        self.calls_dropped: list[cst.Call] = []
        """`sess.close()`, `graph.finalize()`"""
        self.entered: list[cst.WithItem] = []
        """Items of `with` statements that open or enter the session or its graph."""
        self.printed: list[cst.CSTNode] = []
        self.loads: list[cst.Call] = []
        self._handed_on: list[cst.Call] = []
        self._stores: list[cst.BaseExpression] = []
        self._todo: list[cst.CSTNode] = []

    def follow(self) -> None:
        """Follows every part until nothing new is found, then checks that the whole makes sense."""
        while self._todo:
            node = self._todo.pop()
            self._step(node, self.parts[node])
        self._check_calls()
        self._check_containers()
        for variable in self.variables:
            if variable.is_attribute:
                check_outside_uses(self.view, variable, set(self.parts))

    def add(self, node: cst.CSTNode, part: Part) -> None:
        """Says what a node stands for."""
        if node not in self.parts:
            self.parts[node] = part
            self._todo.append(node)

    def bind(self, target: cst.BaseExpression, part: Part, where: cst.CSTNode) -> None:
        """Says what a variable is bound to, and follows every read of it.

        Raises:
            Refusal: the variable is bound more than once.
        """
        variable = variable_of(self.view, target)
        if variable in self.variables:
            raise Refusal(f'`{one_line(target)}` is bound more than once', target)
        if part.kind is Kind.SIGNATURE:
            part = Part(Kind.SIGNATURE, SignatureRef(variable))
        elif part.kind in (Kind.MODEL, Kind.SIGNATURES):
            part = Part(part.kind, variable=variable)
        self.variables[variable] = part
        self.bindings[variable] = where
        for node in occurrences(self.view, variable):
            if node is not target:
                self.add(node, part)

    def parent(self, node: cst.CSTNode) -> cst.CSTNode:
        return next(self.view.ancestors(node), self.view.module)

    def _step(self, node: cst.CSTNode, part: Part) -> None:
        parent = self.parent(node)
        if isinstance(parent, cst.Assign):
            self._assigned(parent, part)
        elif isinstance(parent, cst.Attribute):
            self._attribute(parent, part)
        elif isinstance(parent, cst.Subscript):
            self._subscript(parent, part)
        elif isinstance(parent, cst.Arg):
            self._argument(parent, part)
        elif isinstance(parent, cst.Element):
            self._element(parent, part)
        elif isinstance(parent, cst.DictElement):
            self._dict_element(parent, node, part)
        elif isinstance(parent, cst.WithItem) and part.kind in (Kind.SESSION, Kind.GRAPH) and parent.asname is None:
            self.entered.append(parent)
        elif isinstance(parent, cst.Index) and part.kind is Kind.TENSOR:
            self._stored(parent)
        elif isinstance(parent, cst.ComparisonTarget) and part.kind is Kind.SIGNATURES:
            pass  # `key in meta_graph.signature_def` is true of `signatures` as well
        elif not (isinstance(parent, cst.Expr) and part.kind is Kind.MODEL):
            raise _not_understood(node, part)

    def _assigned(self, assign: cst.Assign, part: Part) -> None:
        if len(assign.targets) != 1:
            raise Refusal('several names are bound at once to a part of the loaded model', assign)
        self.bind(assign.targets[0].target, part, self.parent(assign))

    def _attribute(self, node: cst.Attribute, part: Part) -> None:
        name = node.attr.value
        call = self.parent(node)
        is_called = isinstance(call, cst.Call) and call.func is node
        if part.kind is Kind.MODEL and name == 'signature_def' and not is_called:
            self.add(node, Part(Kind.SIGNATURES, variable=part.variable))
        elif part.kind is Kind.SIGNATURE and name in ('inputs', 'outputs'):
            self.add(node, Part(Kind.TENSORS, part.signature, name))
        elif part.kind is Kind.INFO and name == 'name':
            self.add(node, Part(Kind.TENSOR, part.signature, part.side, part.key))
        elif part.kind is Kind.SESSION and name == 'graph':
            self.add(node, Part(Kind.GRAPH))
        elif part.kind in (Kind.SESSION, Kind.GRAPH) and isinstance(call, cst.Call) and is_called:
            self._method(call, name, part)
        else:
            raise _not_understood(node, part)

    def _method(self, call: cst.Call, name: str, part: Part) -> None:
        if part.kind is Kind.SESSION and name == 'run':
            self.runs.append(call)
        elif part.kind is Kind.GRAPH and name in _TENSOR_LOOKUPS:
            self.lookups.append(call)
        elif name == 'as_default' and isinstance(self.parent(call), cst.WithItem):
            item = cst.ensure_type(self.parent(call), cst.WithItem)
            self.entered.append(item)
            if item.asname is not None:
                self.bind(item.asname.name, part, item)
        elif name in ('close', 'finalize') and not call.args and isinstance(self.parent(call), cst.Expr):
            self.calls_dropped.append(call)
        else:
            raise _not_understood(call, part)

    def _subscript(self, node: cst.Subscript, part: Part) -> None:
        index = node.slice[0].slice if len(node.slice) == 1 else None
        if not isinstance(index, cst.Index):
            raise _not_understood(node, part)
        if part.kind is Kind.SIGNATURES:
            if part.variable is None:
                raise Refusal('the loaded model is not kept in a variable', node)
            of_model = self.variables[part.variable].kind is Kind.MODEL
            self.add(node, Part(Kind.SIGNATURE, SignatureRef(part.variable, index.value, of_model)))
        elif part.kind is Kind.TENSORS:
            self.add(node, Part(Kind.INFO, part.signature, part.side, index.value))
        elif part.kind is Kind.FEEDS and isinstance(self.parent(node), cst.AssignTarget):
            self._stores.append(index.value)
        else:
            raise _not_understood(node, part)

    def _argument(self, argument: cst.Arg, part: Part) -> None:
        call = self.parent(argument)
        if not isinstance(call, cst.Call) or argument.star:
            raise _not_understood(argument.value, part)
        called = self.view.called(call)
        if called == 'saved_model.load' and part.kind is Kind.SESSION:
            self.loads.append(call)
        elif called in ('Session', 'InteractiveSession') and part.kind is Kind.GRAPH:
            pass
        elif called == 'saved_model.get_tensor_from_tensor_info' and part.kind in (Kind.INFO, Kind.GRAPH):
            if part.kind is Kind.INFO:
                self.add(call, Part(Kind.TENSOR, part.signature, part.side, part.key))
        elif isinstance(call.func, cst.Name) and call.func.value == 'print' and part.kind in _PRINTED:
            self.printed.append(argument.value)
        elif isinstance(call.func, cst.Attribute) and part.kind in _RUN_WITH:
            self._handed_on.append(call)  # it may not be known yet whose method this is
            if call.func.attr.value in _TENSOR_LOOKUPS and part.kind is Kind.TENSOR:
                self.add(call, part)
        else:
            raise _not_understood(argument.value, part)

    def _element(self, element: cst.Element, part: Part) -> None:
        container = self.parent(element)
        if not isinstance(container, _CONTAINERS) or part.kind not in (Kind.TENSOR, Kind.FETCHES):
            raise _not_understood(element.value, part)
        assign = self.parent(container)
        if isinstance(assign, cst.Assign) and isinstance(container, cst.Tuple) and len(assign.targets) == 1:
            target = assign.targets[0].target
            if isinstance(target, cst.Tuple | cst.List):
                self._unpacked(element, container, target, part, assign)
                return
        self._contained(container, part)

    def _unpacked(
        self, element: cst.Element, values: cst.Tuple, targets: cst.Tuple | cst.List, part: Part, assign: cst.Assign
    ) -> None:
        """`x, y = signature.inputs['x'].name, signature.outputs['y'].name`"""
        if len(values.elements) != len(targets.elements):
            raise _not_understood(values, part)
        target = targets.elements[list(values.elements).index(element)].value
        self.bind(target, part, self.parent(assign))

    def _dict_element(self, element: cst.DictElement, node: cst.CSTNode, part: Part) -> None:
        container = self.parent(element)
        if part.kind is Kind.TENSOR and node is element.key:
            self._add_container(container, Part(Kind.FEEDS, part.signature))
        elif part.kind in (Kind.TENSOR, Kind.FETCHES) and node is element.value:
            self._contained(container, part)
        else:
            raise _not_understood(node, part)

    def _contained(self, container: cst.CSTNode, part: Part) -> None:
        self._add_container(container, Part(Kind.FETCHES, part.signature))

    def _add_container(self, container: cst.CSTNode, part: Part) -> None:
        known = self.parts.get(container)
        if known is not None and not same_signature(known, part):
            raise Refusal('tensors of several signatures are run together', container)
        self.add(container, part)

    def _stored(self, index: cst.Index) -> None:
        """`feed_dict[x] = batch`, where feed_dict is bound to a dict display."""
        subscript = self.parent(self.parent(index))
        if not isinstance(subscript, cst.Subscript) or not isinstance(self.parent(subscript), cst.AssignTarget):
            raise Refusal(f'`{one_line(index.value)}` is used as an index', index.value)
        part = self.parts[index.value]
        variable = variable_of(self.view, subscript.value)
        for node in occurrences(self.view, variable):
            statement = self.parent(self.parent(self.parent(node)))
            value = assigned_value(statement)
            if isinstance(self.parent(node), cst.AssignTarget) and isinstance(value, cst.Dict):
                self._add_container(value, Part(Kind.FEEDS, part.signature))
                return
        raise Refusal(f'`{one_line(subscript.value)}` is not bound to a dict in this file', subscript)

    def _check_calls(self) -> None:
        for call in self.lookups:
            if call not in self.parts:
                raise Refusal('tensors are looked up by names that are not taken from a signature', call)
        for call in self._handed_on:
            if call not in self.lookups and call not in self.runs:
                raise Refusal(f'`{one_line(call.func)}` gets a tensor of the model, and is not understood', call)

    def _check_containers(self) -> None:
        for index in self._stores:
            self.check_fed(index)
        for node, part in self.parts.items():
            if isinstance(node, cst.Dict):
                self._check_dict(node, part)
            elif isinstance(node, _CONTAINERS):
                for element in node.elements:
                    self.check_fetched(element.value)

    def _check_dict(self, node: cst.Dict, part: Part) -> None:
        for element in node.elements:
            if not isinstance(element, cst.DictElement):
                raise Refusal('a dict is put together from others', node)
            if part.kind is Kind.FETCHES:
                self.check_fetched(element.value)
            else:
                self.check_fed(element.key)

    def check_fetched(self, node: cst.BaseExpression) -> Part:
        """Refuses what is not an output, or outputs, of a signature."""
        part = self.parts.get(node)
        is_output = part is not None and part.kind is Kind.TENSOR and part.side == 'outputs'
        if part is None or not (is_output or part.kind is Kind.FETCHES):
            raise Refusal(f'`{one_line(node)}` is fetched, which is no output taken from a signature', node)
        return part

    def check_fed(self, node: cst.BaseExpression) -> Part:
        """Refuses what is not an input of a signature."""
        part = self.parts.get(node)
        if part is None or part.kind is not Kind.TENSOR or part.side != 'inputs':
            raise Refusal(f'`{one_line(node)}` is fed, which is no input taken from a signature', node)
        return part


def same_signature(a: Part, b: Part) -> bool:
    """Whether two parts belong to one signature."""
    return a.signature is not None and b.signature is not None and a.signature.is_same(b.signature)


def _not_understood(node: cst.CSTNode, part: Part) -> Refusal:
    return Refusal(f'`{one_line(node)}` uses the {part.kind.value} in a way that is not understood', node)
