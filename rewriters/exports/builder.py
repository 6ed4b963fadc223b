"""Reads SavedModelBuilder sites: `b = Builder(dir)`, `b.add_meta_graph_and_variables(…)`, `b.save()`.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/saved_model/Builder
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from rewriters.exports.common import definition, find_calls, region_of, string_constant
from rewriters.exports.signatures import SignatureReader
from rewriters.module_view import ModuleView
from rewriters.plan import ExportPlan
from rewriters.refusal import Refusal
from rewriters.region import Region, Step
from rewriters.syntax import arguments, assigned_name, assigned_value, dotted_name, only_small_statement

NAME = 'builder'
SYMBOL = 'saved_model.Builder'
_ADD_PARAMETERS = (
    'sess tags signature_def_map assets_collection legacy_init_op clear_devices main_op strip_default_attrs saver'
).split()
_INITIALIZERS = frozenset({'tables_initializer', 'local_variables_initializer'})


def find(view: ModuleView) -> list[cst.Call]:
    """The calls that make a builder."""
    return find_calls(view, SYMBOL)


def read(view: ModuleView, regions: Sequence[Region], call: cst.Call) -> tuple[ExportPlan, Region]:
    """The plan of the site that starts with this call.

    Raises:
        Refusal: the site's statements don't stand together, or hold what is not understood yet.
    """
    region, made = region_of(view, regions, call)
    name = assigned_name(made.node)
    directory = arguments(call, ['export_dir'])
    if name is None or not directory:
        raise Refusal('the builder is not bound to a plain name', call)
    add, save = _uses(region, made, name)
    values = arguments(add, _ADD_PARAMETERS)
    if values is None or 'sess' not in values or 'tags' not in values:
        raise Refusal('add_meta_graph_and_variables is called in a way that is not understood', add)
    add_at = _index(region, add)
    _check_tags(view, region, values['tags'], add_at)
    _check_options(values, add)
    for init_op in ('main_op', 'legacy_init_op'):
        check_init_op(view, region, values.get(init_op), add_at)
    reader = SignatureReader(view, region)
    if 'signature_def_map' not in values:
        raise Refusal('the export has no signature: nothing in it tells what it serves', add)
    signatures = reader.read_map(values['signature_def_map'], add_at)
    steps = {made, *reader.steps, region.steps[add_at], region.steps[_index(region, save)]}
    plan = ExportPlan(
        reader=NAME,
        place=view.place(call),
        directory=directory['export_dir'],
        directory_at=made.index,
        signatures=signatures,
        session=values['sess'],
        statements=tuple(step.node for step in sorted(steps, key=lambda step: step.index)),
        has_assets=_has_assets(view, region, values.get('assets_collection'), add_at),
    )
    return plan, region


def _uses(region: Region, made: Step, name: str) -> tuple[cst.Call, cst.Call]:
    """The add_meta_graph_and_variables call and the save call, which must be the builder's only uses."""
    calls: dict[str, cst.Call] = {}
    for step in region.steps[made.index + 1 :]:
        if name not in step.reads | step.binds:
            continue
        method, call = _method_call(step, name)
        if method not in ('add_meta_graph_and_variables', 'save') or call is None or method in calls:
            what = 'several MetaGraphs' if method == 'add_meta_graph' else 'a use that is not understood yet'
            raise Refusal(f'the builder `{name}` has {what}', step.node)
        calls[method] = call
    if len(calls) != 2 or [*calls] != ['add_meta_graph_and_variables', 'save']:
        raise Refusal(f'the builder `{name}` is not filled and saved in the same block', made.node)
    as_text = arguments(calls['save'], ['as_text'])
    if as_text is None or any(dotted_name(value) != 'False' for value in as_text.values()):
        raise Refusal('save(as_text=…): TensorFlow 2 writes no saved_model.pbtxt', calls['save'])
    return calls['add_meta_graph_and_variables'], calls['save']


def _method_call(step: Step, name: str) -> tuple[str | None, cst.Call | None]:
    """(`save`, the call) for a statement `name.save(…)`; its result must not be kept."""
    small = only_small_statement(step.node)
    call = assigned_value(step.node)
    if not isinstance(small, cst.Expr) or not isinstance(call, cst.Call):
        return None, None
    owner, _, method = (dotted_name(call.func) or '').rpartition('.')
    return (method, call) if owner == name else (None, None)


def _index(region: Region, call: cst.Call) -> int:
    return next(step.index for step in region.steps if assigned_value(step.node) is call)


def _check_tags(view: ModuleView, region: Region, node: cst.BaseExpression, at: int) -> None:
    node, at, _ = definition(region, node, at)
    elements = node.elements if isinstance(node, cst.List | cst.Tuple | cst.Set) else ()
    tags = {string_constant(view, region, element.value, at) for element in elements}
    if tags != {'serve'}:
        raise Refusal('the tag set is not just "serve": tf.saved_model.save writes no other', node)


def _check_options(values: dict[str, cst.BaseExpression], call: cst.Call) -> None:
    saver = values.get('saver')
    if saver is not None and dotted_name(saver) != 'None':
        raise Refusal('saver=…: a saver of its own decides which variables are exported', call)


def check_init_op(view: ModuleView, region: Region, node: cst.BaseExpression | None, at: int) -> None:
    """Accepts an init op that only initialises tables: TensorFlow 2 does that by itself when it loads a model."""
    if node is None or dotted_name(node) == 'None':
        return
    value, value_at, _ = definition(region, node, at)
    called = view.called(value)
    if called in _INITIALIZERS:
        return
    if called == 'group' and isinstance(value, cst.Call):
        for argument in value.args:
            if argument.keyword is None:
                check_init_op(view, region, argument.value, value_at)
        return
    raise Refusal('the init op does more than initialise tables', node)


def _has_assets(view: ModuleView, region: Region, node: cst.BaseExpression | None, at: int) -> bool:
    if node is None or dotted_name(node) == 'None':
        return False
    value, _, _ = definition(region, node, at)
    key = arguments(value, ['key', 'scope']) if isinstance(value, cst.Call) else None
    collection = key.get('key') if key and 'scope' not in key else None
    if view.called(value) == 'get_collection' and collection is not None:
        return _require_asset_collection(view, collection)
    raise Refusal('assets_collection is not the ASSET_FILEPATHS collection', node)


def _require_asset_collection(view: ModuleView, key: cst.BaseExpression) -> bool:
    if view.symbol(key) != 'GraphKeys.ASSET_FILEPATHS':
        raise Refusal('assets_collection is not the ASSET_FILEPATHS collection', key)
    return True
