"""Reads `tf.saved_model.simple_save(sess, dir, inputs, outputs)` sites.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/saved_model/simple_save
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from rewriters.exports.builder import check_init_op
from rewriters.exports.common import find_calls, region_of
from rewriters.exports.signatures import SignatureReader
from rewriters.module_view import ModuleView
from rewriters.plan import ExportPlan, Kind, Signature
from rewriters.refusal import Refusal
from rewriters.region import Region
from rewriters.syntax import arguments, assigned_name

NAME = 'simple_save'
SYMBOL = 'saved_model.simple_save'
_PARAMETERS = 'session export_dir inputs outputs legacy_init_op'.split()


def find(view: ModuleView) -> list[cst.Call]:
    """The simple_save calls of the module."""
    return find_calls(view, SYMBOL)


def read(view: ModuleView, regions: Sequence[Region], call: cst.Call) -> tuple[ExportPlan, Region]:
    """The plan of one call: a single predict signature under TF1's default key, tag set `serve`, assets included.

    Raises:
        Refusal: the call or its dicts are not understood yet.
    """
    region, step = region_of(view, regions, call)
    values = arguments(call, _PARAMETERS)
    if values is None or not {'session', 'export_dir', 'inputs', 'outputs'} <= values.keys():
        raise Refusal('simple_save is called in a way that is not understood', call)
    if assigned_name(step.node) is not None:
        raise Refusal('the result of simple_save is kept', call)
    check_init_op(view, region, values.get('legacy_init_op'), step.index)
    reader = SignatureReader(view, region)
    signature = Signature(
        key=cst.SimpleString("'serving_default'"),
        key_value='serving_default',
        kind=Kind.PREDICT,
        inputs=reader.named_tensors(values['inputs'], step.index),
        outputs=reader.named_tensors(values['outputs'], step.index),
    )
    plan = ExportPlan(
        reader=NAME,
        place=view.place(call),
        directory=values['export_dir'],
        directory_at=step.index,
        signatures=(signature,),
        session=values['session'],
        statements=tuple(s.node for s in sorted({step, *reader.steps}, key=lambda s: s.index)),
        has_assets=True,
    )
    return plan, region
