"""What TensorFlow Serving asks of a signature before it answers a classify or regress request with it.

It looks at the signature when it is called, and at the outputs when it has them: tensorflow_serving/servables/
tensorflow/{classifier,regressor}.cc and util.cc. A signature that breaks a rule loads, and fails on every request.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.saved_model.compatibility import show_shape
from migrate.saved_model.contract import Shape, SignatureContract, TensorContract

PREFIX = 'tensorflow/serving/'
KINDS = ('predict', 'classify', 'regress')


def broken_rules(signature: SignatureContract, method_name: str) -> tuple[str, ...]:
    """The rules that the signature would break with this method name; all names but two ask for nothing."""
    kind = method_name.removeprefix(PREFIX)
    if kind == 'classify':
        return (*_inputs(signature), *_classify_outputs(signature))
    if kind == 'regress':
        return (*_inputs(signature), *_regress_outputs(signature))
    return ()


def possible_kinds(signature: SignatureContract) -> tuple[str, ...]:
    """The kinds of which the signature breaks no rule."""
    return tuple(kind for kind in KINDS if not broken_rules(signature, PREFIX + kind))


def _inputs(signature: SignatureContract) -> Iterator[str]:
    if list(signature.inputs) != ['inputs']:
        names = ', '.join(f'"{name}"' for name in signature.inputs) or 'none'
        yield f'it must have one input, called "inputs", and has {names}'
        return
    tensor = signature.inputs['inputs']
    yield from _kind('input', tensor, 'string')
    if tensor.encoding == 'dense' and tensor.shape is not None and len(tensor.shape) != 1:
        yield f'the input "inputs" takes serialised tf.Examples, a list: its shape must be [?], not {_shape(tensor)}'


def _classify_outputs(signature: SignatureContract) -> Iterator[str]:
    known = {'classes': 'string', 'scores': 'float32'}
    outputs = signature.outputs
    if not outputs or outputs.keys() - known.keys():
        names = ', '.join(f'"{name}"' for name in outputs) or 'none'
        yield f'its outputs must be "classes", "scores" or both, and are {names}'
        return
    for name, tensor in outputs.items():
        yield from _kind('output', tensor, known[name])
        if tensor.shape is not None and len(tensor.shape) != 2:
            yield f'the output "{name}" must have the shape [batch, classes], not {_shape(tensor)}'
    sizes = [tensor.shape[1] for tensor in outputs.values() if tensor.shape is not None and len(tensor.shape) == 2]
    if len(sizes) == 2 and None not in sizes and sizes[0] != sizes[1]:
        shapes = ' and '.join(f'"{name}" {_shape(tensor)}' for name, tensor in outputs.items())
        yield f'its outputs must have as many classes as scores: {shapes}'


def _regress_outputs(signature: SignatureContract) -> Iterator[str]:
    outputs = signature.outputs
    if list(outputs) != ['outputs']:
        names = ', '.join(f'"{name}"' for name in outputs) or 'none'
        yield f'it must have one output, called "outputs", and has {names}'
        return
    tensor = outputs['outputs']
    yield from _kind('output', tensor, 'float32')
    if not _is_column(tensor.shape):
        yield f'the output "outputs" must have the shape [batch] or [batch, 1], not {_shape(tensor)}'


def _is_column(shape: Shape) -> bool:
    return shape is None or len(shape) == 1 or (len(shape) == 2 and shape[1] in (1, None))


def _kind(what: str, tensor: TensorContract, dtype: str) -> Iterator[str]:
    if tensor.encoding != 'dense':
        yield f'the {what} "{tensor.name}" must be a dense tensor, not a {tensor.encoding} one'
    if tensor.dtype != dtype:
        yield f'the {what} "{tensor.name}" must be of type {dtype}, not {tensor.dtype}'


def _shape(tensor: TensorContract) -> str:
    return show_shape(tensor.shape)
