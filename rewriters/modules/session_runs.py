"""`sess.run(output, {input: value})` as a call of the serving module."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from rewriters.modules.serving import Method
from rewriters.modules.slices import Parameter
from rewriters.plan import Signature
from rewriters.refusal import Refusal
from rewriters.region import Region, Step
from rewriters.syntax import arguments, code, dict_items, expression, name_nodes, one_line

_RUN = ('fetches', 'feed_dict', 'options', 'run_metadata')


def module_call(
    call: cst.Call, step: Step, region: Region, served: Sequence[tuple[Signature, Method]], module: str, tf: str
) -> cst.BaseExpression:
    """The call of the signature method that computes the same; `.numpy()` gives what `run` gave.

    Raises:
        Refusal: what is run is not one output of a signature, fed with exactly its inputs.
    """
    values = arguments(call, _RUN)
    if values is None or 'fetches' not in values or {'options', 'run_metadata'} & values.keys():
        raise Refusal('the session runs in a way that is not understood', call)
    feeds = dict_items(values['feed_dict']) if 'feed_dict' in values else []
    for signature, method in served:
        output = _output(signature, values['fetches'], step, region)
        fed = _fed_values(method.parameters, feeds or [], step, region)
        if output is not None and fed is not None:
            fed_text = ', '.join(
                _constant(value, parameter, tf) for parameter, value in zip(method.parameters, fed, strict=True)
            )
            return expression(f'{module}.{method.name}({fed_text})[{output!r}].numpy()')
    raise Refusal(f'`{one_line(call)}` runs something else than a served output on its inputs', call)


def _output(signature: Signature, fetched: cst.BaseExpression, step: Step, region: Region) -> str | None:
    for named in signature.outputs:
        if _same(named.tensor, named.at, fetched, step.index, region):
            return named.name
    return None


def _fed_values(
    parameters: Sequence[Parameter],
    feeds: Sequence[tuple[cst.BaseExpression, cst.BaseExpression]],
    step: Step,
    region: Region,
) -> list[cst.BaseExpression] | None:
    """The fed value of each parameter, or None unless exactly the parameters are fed."""
    values: list[cst.BaseExpression] = []
    for parameter in parameters:
        matching = [v for k, v in feeds if _same(parameter.tensor, parameter.at, k, step.index, region)]
        if len(matching) != 1:
            return None
        values.append(matching[0])
    return values if len(feeds) == len(parameters) else None


def _same(a: cst.BaseExpression, a_at: int, b: cst.BaseExpression, b_at: int, region: Region) -> bool:
    if not a.deep_equals(b):
        return False
    return all(region.reaching(n.value, a_at) is region.reaching(n.value, b_at) for n in name_nodes(a))


def _constant(value: cst.BaseExpression, parameter: Parameter, tf: str) -> str:
    """The fed value with the dtype that the placeholder would have given it.

    Where only the imported graph knows the dtype, tf.function converts the bare value to it.
    """
    if not parameter.spec.dtype:
        return code(value)
    if isinstance(value, cst.Float) and parameter.spec.dtype == f'{tf}.float32':
        return f'{tf}.constant({value.value})'
    return f'{tf}.constant({code(value)}, {parameter.spec.dtype})'
