"""Which calls mean the same in TensorFlow 1 and 2, although the function behind the name is another one.

A function of TensorFlow 2 is listed with those arguments of the old one that it treats alike; a call that passes
others is not the same. Checked by tests/rewriters/test_names_equal_calls.py, which builds both graphs and compares.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from rewriters.symbol_table import Symbol

_REDUCE = 'input_tensor axis keepdims name'
_COMPARE = 'x y message summarize name'
_SIGN = 'x message summarize name'

# Old argument names by TensorFlow 2 name; `filter:filters` was renamed, so only its position means the same.
EQUAL: dict[str, str] = {
    'Variable': 'initial_value trainable validate_shape name dtype',
    'argmax': 'input axis output_type name',
    'argmin': 'input axis output_type name',
    'assert_equal': _COMPARE,
    'assert_greater': _COMPARE,
    'assert_less': _COMPARE,
    'boolean_mask': 'tensor mask axis name',
    'constant': 'value dtype shape name',
    'convert_to_tensor': 'value dtype dtype_hint name',
    'debugging.assert_equal': _COMPARE,
    'debugging.assert_greater': _COMPARE,
    'debugging.assert_greater_equal': _COMPARE,
    'debugging.assert_less': _COMPARE,
    'debugging.assert_less_equal': _COMPARE,
    'debugging.assert_negative': _SIGN,
    'debugging.assert_non_negative': _SIGN,
    'debugging.assert_non_positive': _SIGN,
    'debugging.assert_none_equal': _COMPARE,
    'debugging.assert_positive': _SIGN,
    'device': 'device_name_or_function:device_name',
    'expand_dims': 'input axis name',
    'foldl': 'fn elems initializer parallel_iterations swap_memory name',
    'foldr': 'fn elems initializer parallel_iterations swap_memory name',
    'gather': 'params indices validate_indices axis batch_dims name',
    'gather_nd': 'params indices batch_dims name',
    'io.decode_csv': 'records record_defaults field_delim use_quote_delim na_value select_cols name',
    'io.decode_raw': 'input_bytes out_type little_endian name',
    'io.parse_example': 'serialized features name',
    'io.parse_single_example': 'serialized features name',
    'linalg.norm': 'tensor ord axis keepdims name',
    'map_fn': 'fn elems dtype parallel_iterations swap_memory infer_shape name',
    'math.argmax': 'input axis output_type name',
    'math.argmin': 'input axis output_type name',
    'math.confusion_matrix': 'labels predictions num_classes dtype weights name',
    'math.count_nonzero': 'input_tensor:input axis keepdims dtype name',
    'math.in_top_k': 'predictions targets k name',
    'math.log_softmax': 'logits axis name',
    'math.reduce_all': _REDUCE,
    'math.reduce_any': _REDUCE,
    'math.reduce_logsumexp': _REDUCE,
    'math.reduce_max': _REDUCE,
    'math.reduce_mean': _REDUCE,
    'math.reduce_min': _REDUCE,
    'math.reduce_prod': _REDUCE,
    'math.reduce_sum': _REDUCE,
    'math.softmax': 'logits axis name',
    'name_scope': 'name',
    'nn.avg_pool': 'value:input ksize strides padding data_format name',
    'nn.conv2d': 'input filter:filters strides padding data_format dilations name',
    'nn.conv2d_transpose': 'value:input filter:filters output_shape strides padding data_format name',
    'nn.conv3d': 'input filter:filters strides padding data_format dilations name',
    'nn.crelu': 'features axis name',
    'nn.depth_to_space': 'input block_size data_format name',
    'nn.depthwise_conv2d': 'input filter strides padding data_format name',
    'nn.dropout': 'x rate noise_shape seed name',
    'nn.in_top_k': 'predictions targets k name',
    'nn.log_softmax': 'logits axis name',
    'nn.moments': 'x axes shift keepdims name',
    'nn.separable_conv2d': 'input depthwise_filter pointwise_filter strides padding data_format name',
    'nn.sigmoid_cross_entropy_with_logits': 'labels logits name',
    'nn.softmax': 'logits axis name',
    'nn.space_to_depth': 'input block_size data_format name',
    'nn.sparse_softmax_cross_entropy_with_logits': 'labels logits name',
    'norm': 'tensor ord axis keepdims name',
    'pad': 'tensor paddings mode constant_values name',
    'reduce_all': _REDUCE,
    'reduce_any': _REDUCE,
    'reduce_logsumexp': _REDUCE,
    'reduce_max': _REDUCE,
    'reduce_mean': _REDUCE,
    'reduce_min': _REDUCE,
    'reduce_prod': _REDUCE,
    'reduce_sum': _REDUCE,
    'scan': 'fn elems initializer parallel_iterations swap_memory infer_shape reverse name',
    'shape': 'input out_type name',
    'size': 'input out_type name',
    'squeeze': 'input axis name',
    'strings.length': 'input unit name',
    'strings.reduce_join': 'inputs axis keepdims separator name',
    'strings.substr': 'input pos len unit name',
    'strings.to_hash_bucket': 'string_tensor:input num_buckets name',
    'strings.to_number': 'string_tensor:input out_type name',
    'transpose': 'a perm conjugate name',
    'where': 'condition name',
    'zeros_like': 'tensor:input dtype name',
}

# Arguments that mean the same only where (another argument) is a literal: TensorFlow 2 takes no function as a device,
# and doesn't repeat the last value of a list until a constant has its shape.
_NEEDS_LITERAL = {('device', 'device_name_or_function'): 'device_name_or_function', ('constant', 'shape'): 'value'}

# Arguments that mean the same only where they are not None, by which TensorFlow 1's name_scope goes back to the root's.
_NEVER_NONE = {('name_scope', 'name')}


def means_same(call: ast.Call, symbol: Symbol) -> bool:
    """Whether `symbol.home`, called in TensorFlow 2 with these arguments, is what the old symbol was."""
    allowed = dict(_pairs(EQUAL.get(symbol.home, '')))
    v1, v2 = names_of(symbol.v1_arguments), names_of(symbol.v2_arguments)
    given = bound(call, v1)
    if not allowed or given is None:
        return False
    for position, name in enumerate(given):
        is_positional = position < len(call.args)
        if name not in allowed or (not is_positional and allowed[name] != name):
            return False
        if is_positional and v2[position : position + 1] != [allowed[name]]:
            return False
        literal = _NEEDS_LITERAL.get((symbol.home, name))
        if literal is not None and not _is_literal(given.get(literal)):
            return False
        if (symbol.home, name) in _NEVER_NONE and _may_be_none(given[name]):
            return False
    return _required(symbol.v2_arguments) <= {allowed[name] for name in given}


def _is_literal(node: ast.expr | None) -> bool:
    return isinstance(node.operand if isinstance(node, ast.UnaryOp) else node, ast.Constant)


def _may_be_none(node: ast.expr) -> bool:
    """Whether it is None, or a name, which is that of an argument as a rule, and None by default."""
    return isinstance(node, ast.Name) or (isinstance(node, ast.Constant) and node.value is None)


def is_only_v1(call: ast.Call, symbol: Symbol) -> bool:
    """Whether the call fits the old arguments and not the new: proof of TensorFlow 1 code."""
    return fits(call, symbol.v1_arguments) is True and fits(call, symbol.v2_arguments) is False


def is_only_v2(call: ast.Call, symbol: Symbol) -> bool:
    """Whether the call fits the new arguments and not the old."""
    return fits(call, symbol.v2_arguments) is True and fits(call, symbol.v1_arguments) is False


def reads_differently(call: ast.Call, symbol: Symbol) -> bool:
    """Whether the call fits both, and a positional argument means another thing in each."""
    if not (fits(call, symbol.v1_arguments) and fits(call, symbol.v2_arguments)):
        return False
    v1, v2 = names_of(symbol.v1_arguments), names_of(symbol.v2_arguments)
    renamed = dict(_pairs(EQUAL.get(symbol.home, '')))
    return any(renamed.get(old, old) != new for old, new in zip(v1, v2[: len(call.args)], strict=False))


def fits(call: ast.Call, arguments: tuple[str, ...]) -> bool | None:
    """Whether a function with these arguments takes the call; None where that can't be told."""
    if not arguments or _has_stars(call):
        return None
    names = names_of(arguments)
    given = bound(call, names)
    if given is None and any(argument.startswith('*') for argument in arguments):
        given = dict(zip(names, call.args, strict=False))
        given.update({keyword.arg: keyword.value for keyword in call.keywords if keyword.arg in names})
        return None if _required(arguments) <= set(given) else False
    return given is not None and _required(arguments) <= set(given)


def bound(call: ast.Call, names: list[str]) -> dict[str, ast.expr] | None:
    """The call's arguments by name, the positional ones first; None where they don't fit."""
    if _has_stars(call) or len(call.args) > len(names):
        return None
    given = dict(zip(names, call.args, strict=False))
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg not in names or keyword.arg in given:
            return None
        given[keyword.arg] = keyword.value
    return given


def names_of(arguments: tuple[str, ...]) -> list[str]:
    """The names alone, without defaults."""
    return [argument.partition('=')[0] for argument in arguments if not argument.startswith('*')]


def _has_stars(call: ast.Call) -> bool:
    starred = any(isinstance(argument, ast.Starred) for argument in call.args)
    return starred or any(keyword.arg is None for keyword in call.keywords)


def _required(arguments: tuple[str, ...]) -> set[str]:
    return {argument for argument in arguments if '=' not in argument and not argument.startswith('*')}


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for word in text.split():
        old, _, new = word.partition(':')
        yield old, new or old
