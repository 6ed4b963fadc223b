"""Reads one load of a SavedModel into a session: `loader.load`, and `sess.run` on names taken from the SignatureDef.

https://www.tensorflow.org/api_docs/python/tf/compat/v1/saved_model/load
"""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from rewriters.exports.common import CONSTANTS, find_calls
from rewriters.loads.flow import Flow, same_signature
from rewriters.loads.parts import Kind, Part, SignatureRef
from rewriters.loads.surroundings import check_surroundings
from rewriters.loads.tf1_calls import PARAMETERS
from rewriters.loads.variables import Variable, occurrences, variable_of
from rewriters.module_view import ModuleView
from rewriters.refusal import Refusal
from rewriters.syntax import arguments, one_line, only_small_statement, string_value

_SESSIONS = ('Session', 'InteractiveSession')
_SESSION = ('target', 'graph', 'config')
_RUN = ('fetches', 'feed_dict', 'options', 'run_metadata')
_DROPPED = (Kind.SESSION, Kind.GRAPH, Kind.TENSORS, Kind.INFO)


@dataclass(frozen=True)
class Run:
    """One `sess.run`, and the signature that computes the same."""

    call: cst.Call
    signature: SignatureRef
    has_feeds: bool


@dataclass(frozen=True)
class SessionLoad:
    """Everything that the source says of one load.

    `dropped` are statements that have nothing left to do, `opened` the items of `with` statements that open the
    session or its graph. `inlined` are variables that hold nothing but the name of an input or output.
    """

    call: cst.Call
    tags: cst.BaseExpression
    directory: cst.BaseExpression
    flow: Flow
    runs: tuple[Run, ...]
    dropped: tuple[cst.SimpleStatementLine, ...]
    opened: tuple[cst.WithItem, ...]
    inlined: frozenset[Variable]
    has_config: bool


def read(view: ModuleView, call: cst.Call) -> SessionLoad:
    """Reads the load that `call` makes.

    Raises:
        Refusal: something is done with the session that is no run of a signature.
    """
    given = arguments(call, PARAMETERS)
    if given is None or not {'sess', 'tags', 'export_dir'} <= given.keys() or 'import_scope' in given:
        raise Refusal('the arguments of the load are not understood', call)
    flow = Flow(view)
    created = _follow_session(flow, given['sess'])
    options = arguments(created, _SESSION)
    if options is None or string_value(options.get('target', cst.SimpleString("''"))) != '':
        raise Refusal('the session may run on another machine', created)
    has_own_graph = _follow_graph(flow, call, created, options.get('graph'))
    flow.add(call, Part(Kind.MODEL))
    flow.follow()
    if flow.loads != [call]:
        raise Refusal('several models are loaded into one session', call)
    runs = tuple(_read_run(flow, run) for run in flow.runs)
    if not runs:
        raise Refusal('nothing in this file runs a signature of the model', call)
    inlined = frozenset(v for v, part in flow.variables.items() if _is_inlined(flow, v, part))
    dropped = _dropped(flow, inlined)
    check_surroundings(view, flow, call, has_own_graph)
    _check_loops(flow, call)
    return SessionLoad(
        call, given['tags'], given['export_dir'], flow, runs, dropped, tuple(flow.entered), inlined,
        'config' in options,
    )  # fmt: skip


def _follow_session(flow: Flow, node: cst.BaseExpression) -> cst.Call:
    """Finds where the session is made, and follows the variable that holds it."""
    value, target, where = _binding(flow, node)
    if flow.view.called(value) not in _SESSIONS or not isinstance(value, cst.Call):
        raise Refusal(f'the session `{one_line(node)}` is not opened in this file', node)
    if isinstance(where, cst.WithItem):
        flow.entered.append(where)
    flow.bind(target, Part(Kind.SESSION), where)
    return value


def _follow_graph(flow: Flow, load: cst.Call, created: cst.Call, graph: cst.BaseExpression | None) -> bool:
    """Follows the session's graph; returns whether it is one of its own, and not the default one of the program."""
    own = False
    if graph is not None and flow.view.called(graph) != 'Graph':
        value, target, where = _binding(flow, graph)
        if 'Graph' not in (flow.view.called(value), flow.view.called(_graph_entered(value))):
            raise Refusal(f'the graph `{one_line(graph)}` is not made in this file', graph)
        if not isinstance(where, cst.WithItem):
            flow.bind(target, Part(Kind.GRAPH), where)
        own = True
    for node in (created, load):
        for outer in flow.view.ancestors(node):
            if isinstance(outer, cst.FunctionDef | cst.ClassDef):
                break
            for item in outer.items if isinstance(outer, cst.With) else ():
                own |= _enter_graph(flow, item)
    own |= graph is not None
    _add_default_graphs(flow, load, own)
    return own


def _add_default_graphs(flow: Flow, load: cst.Call, own: bool) -> None:
    """`tf.get_default_graph()` is the session's graph in a block that opens it, or if the session uses the default."""
    blocks = [flow.parent(item) for item in flow.entered]
    function = flow.view.enclosing_function(load)
    for call in find_calls(flow.view, 'get_default_graph'):
        inside = any(outer in blocks for outer in flow.view.ancestors(call))
        if inside or (not own and flow.view.enclosing_function(call) is function):
            flow.add(call, Part(Kind.GRAPH))


def _enter_graph(flow: Flow, item: cst.WithItem) -> bool:
    """Takes an item `tf.Graph().as_default() as g` of a `with` around the session for the session's graph."""
    graph = _graph_entered(item.item)
    if graph is None:
        return False
    if flow.view.called(graph) == 'Graph':
        if item not in flow.entered:
            flow.entered.append(item)
            if item.asname is not None:
                flow.bind(item.asname.name, Part(Kind.GRAPH), item)
        return True
    if isinstance(graph, cst.Name) and variable_of(flow.view, graph) not in flow.variables:
        value, target, where = _binding(flow, graph)
        if flow.view.called(value) == 'Graph':
            flow.bind(target, Part(Kind.GRAPH), where)
            return True
    return False


def _graph_entered(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """`g` of `g.as_default()`."""
    is_entered = isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)
    return node.func.value if is_entered and node.func.attr.value == 'as_default' else None  # type: ignore[attr-defined]


def _binding(
    flow: Flow, node: cst.BaseExpression
) -> tuple[cst.BaseExpression, cst.BaseExpression, cst.CSTNode]:
    """What the one binding of a variable binds it to: (value, target, statement or item of a `with`)."""
    variable = variable_of(flow.view, node)
    for found in occurrences(flow.view, variable):
        parent = flow.parent(found)
        if isinstance(parent, cst.AsName) and isinstance(flow.parent(parent), cst.WithItem):
            item = cst.ensure_type(flow.parent(parent), cst.WithItem)
            return item.item, found, item
        if isinstance(parent, cst.AssignTarget):
            assign = cst.ensure_type(flow.parent(parent), cst.Assign)
            if len(assign.targets) == 1:
                return assign.value, found, flow.parent(assign)
    raise Refusal(f'`{one_line(node)}` is not made in this file', node)


def _read_run(flow: Flow, call: cst.Call) -> Run:
    given = arguments(call, _RUN)
    if given is None or 'fetches' not in given or {'options', 'run_metadata'} & given.keys():
        raise Refusal('the session runs in a way that is not understood', call)
    fetched = flow.check_fetched(given['fetches'])
    assert fetched.signature is not None
    feeds = given.get('feed_dict')
    if feeds is None or (isinstance(feeds, cst.Name) and feeds.value == 'None'):
        return Run(call, fetched.signature, False)
    fed = flow.parts.get(feeds)
    if fed is None and isinstance(feeds, cst.Dict) and not feeds.elements:
        return Run(call, fetched.signature, True)
    if fed is None or fed.kind is not Kind.FEEDS:
        raise Refusal(f'`{one_line(feeds)}` is fed, which is not made of inputs of a signature', feeds)
    if not same_signature(fetched, fed):
        raise Refusal('inputs of one signature are fed, and outputs of another are fetched', call)
    return Run(call, fetched.signature, True)


def _is_inlined(flow: Flow, variable: Variable, part: Part) -> bool:
    """Whether a variable holds a tensor whose name reads the same anywhere, by a plain assignment."""
    small = only_small_statement(flow.bindings[variable])
    is_plain = isinstance(small, cst.Assign) and not isinstance(small.targets[0].target, cst.Tuple | cst.List)
    return part.kind is Kind.TENSOR and is_plain and reads_same_anywhere(flow.view, part.key)


def reads_same_anywhere(view: ModuleView, node: cst.BaseExpression | None) -> bool:
    """Whether an expression has one value, wherever in the module it stands: a string or a constant of the module."""
    if isinstance(node, cst.Name) and isinstance(view.constant(node), cst.SimpleString):
        declared = view.find_all(cst.NameItem)  # `global KEY` in a function, which may bind it anew
        return all(cst.ensure_type(item, cst.NameItem).name.value != node.value for item in declared)
    return node is not None and (string_value(node) is not None or view.symbol(node) in CONSTANTS)


def _dropped(flow: Flow, inlined: frozenset[Variable]) -> tuple[cst.SimpleStatementLine, ...]:
    statements = [flow.parent(flow.parent(call)) for call in flow.calls_dropped]
    for variable, part in flow.variables.items():
        if part.kind is Kind.INFO and not reads_same_anywhere(flow.view, part.key):
            raise Refusal(f'which tensor `{variable.name}` is about is known only when the code runs')
        if (part.kind in _DROPPED or variable in inlined) and not isinstance(flow.bindings[variable], cst.WithItem):
            statements.append(flow.bindings[variable])
    found = []
    for node in statements:
        if not isinstance(node, cst.SimpleStatementLine) or len(node.body) != 1:
            raise Refusal('a statement of the session shares its line with another', node)
        found.append(node)
    return tuple(found)


def _check_loops(flow: Flow, call: cst.Call) -> None:
    """What is loaded in a loop must be bound and run in the same round: nothing may be left from the one before."""
    loop = next((o for o in flow.view.ancestors(call) if isinstance(o, cst.For | cst.While | cst.FunctionDef)), None)
    nodes = [where for v, where in flow.bindings.items() if flow.variables[v].kind is Kind.SIGNATURE]
    loops = [next((o for o in flow.view.ancestors(n) if isinstance(o, cst.For | cst.While)), None) for n in nodes]
    if isinstance(loop, cst.For | cst.While) or any(inner is not None for inner in loops):
        blocks = {_block(flow, where) for where in flow.bindings.values() if not isinstance(where, cst.WithItem)}
        if len(blocks) > 1:
            raise Refusal('a model or signature is looked up in a loop, and used outside of it', call)


def _block(flow: Flow, statement: cst.CSTNode) -> cst.CSTNode:
    """The block that a statement stands in once the `with` statements of the session are gone."""
    opened = {flow.parent(item) for item in flow.entered}
    block = flow.parent(statement)
    while flow.parent(block) in opened:
        block = flow.parent(flow.parent(block))
    return block
