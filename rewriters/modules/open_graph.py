"""Which graph is open where a whole graph is built, and what is looked up in it."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.functions import Effect
from rewriters.modules.graph_code import MAKES_VARIABLES, GraphCode
from rewriters.modules.roles import Role
from rewriters.plan import ExportPlan
from rewriters.refusal import Refusal
from rewriters.region import Region, Step, opens
from rewriters.syntax import arguments, assigned_value, find_all, one_line, string_value

_OPEN_GRAPH = frozenset({'get_default_graph', 'get_collection', 'get_collection_ref'})
_READS_VARIABLES = frozenset({'get_collection', 'get_collection_ref'})


def check_one_graph(view: ModuleView, region: Region, moved: Sequence[Step]) -> None:
    """Refuses where a session or a `with` opens another graph than the one that is built here."""
    assigned = [value for step in region.steps if isinstance(value := assigned_value(step.node), cst.Call)]
    for call in [*(item.item for opening in region.openings for item in opening.items), *assigned]:
        given = _graph_of(view, call)
        if given is not None and (call in assigned or view.called(given) != 'Graph'):
            raise Refusal(f'`{one_line(call)}` is about a graph that may come from elsewhere', call)
    for opening in _new_graphs(view, region):
        inside = find_all(opening, (cst.SimpleStatementLine, cst.If, cst.For, cst.While, cst.With, cst.Try))
        out = next((step for step in moved if step.node not in inside), None)
        if out is not None:
            raise Refusal('graph is built outside of the graph that is exported', out.node)


def check_lookups(graph: GraphCode) -> None:
    """What is looked up in the graph that is open must have been built here: who calls may have built some of it."""
    calls = [call for step in graph.steps for call in graph.calls(step)]
    lookup = next((call for call in calls if graph.view.called(call) in _OPEN_GRAPH or graph.is_lookup(call)), None)
    if lookup is None:
        return
    start = _start_of_graph(graph)
    if start is None:
        raise Refusal(f'`{one_line(lookup)}` may find what is built outside of this block', lookup)
    for step in graph.region.steps[start : graph.steps[-1].index]:
        defines = isinstance(step.node, cst.FunctionDef | cst.ClassDef)
        is_plain = graph.roles.of[step.index] is Role.PLAIN and not defines
        if is_plain and graph.functions.effect(step.node) is Effect.UNKNOWN:
            raise Refusal(f'`{one_line(lookup)}` may find what another call builds', step.node)


def _start_of_graph(graph: GraphCode) -> int | None:
    """The index of the step from which on the graph is a new one; None if it is that of whoever comes before."""
    region = graph.region
    resets = [s for s in region.steps if graph.view.called(assigned_value(s.node)) == 'reset_default_graph']
    if resets and resets[-1].index < graph.steps[0].index:
        return resets[-1].index
    is_new = isinstance(region.root, cst.Module | cst.With) or bool(_new_graphs(graph.view, region))
    return 0 if is_new else None


def check_tensors_of_variables(graph: GraphCode, plan: ExportPlan) -> None:
    """Refuses to look up what may be a variable's own tensor: in a graph function, there is none.

    A tensor that is none of a variable's has the name that an op is given in the source.

    Raises:
        Refusal: names what is looked up.
    """
    if not any(graph.makes_variables(step) for step in graph.steps):
        return
    calls = [call for step in graph.steps for call in graph.calls(step)]
    variables, others = set[str](), set[str]()
    for call in calls:
        called = graph.view.called(call)
        if called is not None:
            texts = {text for argument in call.args if (text := string_value(argument.value)) is not None}
            (variables if called.startswith(MAKES_VARIABLES) else others).update(texts)
    served = [named.tensor for signature in plan.signatures for named in (*signature.inputs, *signature.outputs)]
    calls += [cst.ensure_type(call, cst.Call) for tensor in served for call in find_all(tensor, cst.Call)]
    for call in filter(graph.is_lookup, calls):
        name = (string_value(call.args[0].value) if call.args else None) or ''
        if name.partition(':')[0].rpartition('/')[2] not in others - variables:
            raise Refusal(f'`{one_line(call)}` may find a tensor of a variable', call)


def check_collections(graph: GraphCode) -> None:
    """TensorFlow 2's tf.Variable is in no collection."""
    calls = [call for step in graph.steps for call in graph.calls(step)]
    reads = [c for c in calls if isinstance(c.func, cst.Attribute | cst.Name) and _last(c.func) in _READS_VARIABLES]
    if reads and any(graph.view.called(call) == 'Variable' for call in calls):
        raise Refusal(f'`{one_line(reads[0])}` may be about variables', reads[0])


def _last(node: cst.Attribute | cst.Name) -> str:
    return node.attr.value if isinstance(node, cst.Attribute) else node.value


def _new_graphs(view: ModuleView, region: Region) -> list[cst.With]:
    """The `with` statements that open a graph, or a session that is given one."""
    given = {o: [_graph_of(view, item.item) for item in o.items] for o in region.openings}
    return [o for o in region.openings if opens(view, o) == 'graph' or any(given[o])]


def _graph_of(view: ModuleView, node: cst.CSTNode) -> cst.BaseExpression | None:
    """The graph that a session is given."""
    if not isinstance(node, cst.Call) or view.called(node) not in ('Session', 'InteractiveSession'):
        return None
    return (arguments(node, ['target', 'graph', 'config']) or {'graph': node}).get('graph') if node.args else None
