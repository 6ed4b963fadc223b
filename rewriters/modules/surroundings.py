"""What stands around a region: a rewritten export means the same only where nothing there opens a graph or a scope."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from rewriters.late_imports import imports_late
from rewriters.module_view import ModuleView
from rewriters.refusal import Refusal
from rewriters.region import Region, opens
from rewriters.syntax import find_all, one_line

# Functions that see names which the source does not spell out.
_NAMESPACES = frozenset({'eval', 'exec', 'globals', 'locals', 'vars'})
# Calls after which TensorFlow 2 does not run eagerly, or not with TensorFlow 2's variables.
_TURNS_BACK = frozenset(
    {'disable_eager_execution', 'disable_resource_variables', 'disable_v2_behavior', 'disable_v2_tensorshape'}
)
_IN_TRY = (
    'The export stands in a `try`: check what its handlers expect. SavedModelBuilder raised AssertionError where the '
    'folder existed; tf.saved_model.save replaces the model in it.'
)


def tensorflow_name(view: ModuleView, region: Region) -> str:
    """The name that means TensorFlow 2's API, at the module's top level and in the region.

    Raises:
        Refusal: there is none.
    """
    tf = view.tensorflow_name()
    scopes = [view.scope(step.node) for step in region.steps[:1]]
    if tf is None or any(view.symbols.resolve_in(tf, scope) != 'tensorflow' for scope in scopes):
        raise no_tensorflow(view)
    return tf


def no_tensorflow(view: ModuleView, advice: str = '') -> Refusal:
    """Why a file without a name for TensorFlow 2's API stays as it is."""
    if imports_late(view.symbols):
        return Refusal('the file imports TensorFlow only inside of functions', advice=advice)
    return Refusal("the file has no `import tensorflow as tf` that names TensorFlow 2's API", advice=advice)


def check_surroundings(view: ModuleView, region: Region) -> None:
    """Refuses where the code around the region, or code that calls it, would run the new code in a graph.

    Raises:
        Refusal: names what stands in the way.
    """
    for outer in _in_same_scope(view, region.root):
        if isinstance(outer, cst.ClassDef):
            raise Refusal(f'the export stands in the body of class `{outer.name.value}`', outer)
        if isinstance(outer, cst.With) and _opens_graph_or_scope(view, outer):
            raise Refusal('the export stands in a block that opens a graph, a session or a scope', outer)
    for call in find_all(region.root, cst.Call):
        if isinstance(call, cst.Call) and isinstance(call.func, cst.Name) and call.func.value in _NAMESPACES:
            raise Refusal(f'`{one_line(call)}` may use names of the graph', call)
    for call in view.find_all(cst.Call):
        if view.called(call) in _TURNS_BACK:
            raise Refusal(f'`{one_line(call)}` turns TensorFlow 2\'s behaviour off', call)
    _check_declarations(view, region)
    _check_callers(view, region)


def review_note(view: ModuleView, region: Region) -> str:
    """What a person must check about the place of a rewritten export; empty if nothing."""
    tries = [outer for outer in _in_same_scope(view, region.root) if isinstance(outer, cst.Try | cst.TryStar)]
    return _IN_TRY if any(outer.handlers for outer in tries) else ''


def _in_same_scope(view: ModuleView, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The nodes around `node` up to the function or class that holds it, that class included."""
    for outer in view.ancestors(node):
        if isinstance(outer, cst.FunctionDef):
            return
        yield outer
        if isinstance(outer, cst.ClassDef):
            return


def _opens_graph_or_scope(view: ModuleView, node: cst.With) -> bool:
    """Whether an item of the `with` is TensorFlow's (a device is harmless) or makes something the default."""
    for item in node.items:
        if isinstance(item.item, cst.Call):
            called = view.called(item.item)
            method = item.item.func.attr.value if isinstance(item.item.func, cst.Attribute) else ''
            if method == 'as_default' or (called is not None and called != 'device' and 'gfile' not in called.lower()):
                return True
    return opens(view, node) is not None


def _check_declarations(view: ModuleView, region: Region) -> None:
    function = view.enclosing_function(region.root)
    for item in find_all(function, cst.NameItem) if function is not None else []:
        name = cst.ensure_type(item, cst.NameItem).name.value
        if name in region.binds() | region.sessions | region.graphs:
            raise Refusal(f'`{name}` is bound for code outside of the function', item)


def _check_callers(view: ModuleView, region: Region) -> None:
    """A function that is called with a graph open would save with it open, which TensorFlow 2 can't."""
    function = view.enclosing_function(region.root)
    for with_ in view.find_all(cst.With) if function is not None else []:
        if not isinstance(with_, cst.With) or not _opens_graph_or_scope(view, with_):
            continue
        for call in find_all(with_.body, cst.Call):
            called = call.func if isinstance(call, cst.Call) else None
            name = called.attr if isinstance(called, cst.Attribute) else called
            if function is not None and isinstance(name, cst.Name) and name.value == function.name.value:
                raise Refusal(f'`{name.value}` is called in a block that opens a graph, a session or a scope', call)
