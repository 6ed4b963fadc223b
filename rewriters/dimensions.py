"""Asks sizes of static shapes for their value so that it works in TensorFlow 2, where they are ints, or None.

https://www.tensorflow.org/guide/migrate/tf1_vs_tf2
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Sequence

from rewriters.bytes_first import may_be_handed_on
from rewriters.dimension_names import DimensionNames
from rewriters.findings import Confidence, Finding, explain
from rewriters.names import Edit, Locator
from rewriters.names.uses import COMPAT_V1, TENSORFLOW
from rewriters.scopes import holds_any
from rewriters.symbols import Symbols, dotted_name

SIZE = explain(
    'NAM302',
    'The size of a shape is an int in TensorFlow 2',
    """
    What a static shape holds are Dimensions in TensorFlow 1, and ints in TensorFlow 2, or None where the size is not
    known. These have no `.value`, nor the other attributes of a Dimension: that raises AttributeError.

        n = x.get_shape()[1].value

    becomes

        n = tf.compat.dimension_value(x.get_shape()[1])

    which takes an int, None and a Dimension, and so means the same in each TensorFlow, whether its behavior of version
    2 is on or off. `x.get_shape().as_list()[1]` does as well, where the number of dimensions is known.

    Sizes are followed through names, loops and comprehensions of one function. What is called `shape` is taken for
    that of a tensor, since sizes in NumPy's shapes have no `.value`: check where the file works with other libraries
    as well. Nothing is said where the file calls tf.compat.v1.disable_v2_behavior() or disable_v2_tensorshape(), nor
    where it asks first what it has.

    To do: where the finding says that nothing was rewritten, write it as above.

    https://www.tensorflow.org/api_docs/python/tf/compat/dimension_value
    https://www.tensorflow.org/guide/migrate/tf1_vs_tf2
    """,
)
_VALUE = 'value'
_METHODS = frozenset({'assert_is_compatible_with', 'is_compatible_with', 'merge_with'})
_ASKED = re.compile(rf'\.\s*(?:{_VALUE}|{"|".join(sorted(_METHODS))})\b')
# What stands before the dot and is no size: an attribute, a call without arguments, a part of a shape.
_NO_SIZE = re.compile(r'(?:\.[ \t]*\w+|\([ \t]*\)|\[[\w \t+-]*:(?!=)[\w \t+-]*\])[ \t]*\Z')
_LONGEST = 80
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SWITCHES = frozenset({'disable_v2_behavior', 'disable_v2_tensorshape'})
# What rewritten code calls, by the module that its name for TensorFlow stands for.
_FUNCTION = {TENSORFLOW: 'compat.dimension_value', COMPAT_V1: 'dimension_value'}


@functools.lru_cache(maxsize=2)  # a text is asked twice: whether it has news, and for what
def mentions_size(text: str) -> bool:
    """Whether there may be something to find, judging by the words."""
    return 'hape' in text and next(_asked(text), None) is not None


def _asked(text: str) -> Iterator[int]:
    """Where what may be a size is asked for what only a Dimension has."""
    for match in _ASKED.finditer(text):
        if not _NO_SIZE.search(text, max(0, match.start() - _LONGEST), match.start()):
            yield match.start()


def rewrite_sizes(text: str, symbols: Symbols) -> tuple[list[Edit], list[Finding]]:
    """The edits that ask sizes for their value as it works in TensorFlow 2, and a finding for each place.

    There are none in a file that switches TensorFlow 2's behavior off, or that has nothing to do with TensorFlow.
    """
    if not mentions_size(text) or not (symbols.heads or may_be_handed_on(text.encode('utf-8', 'surrogatepass'))):
        return [], []
    if any((dotted_name(call.func) or '').rpartition('.')[2] in _SWITCHES for call in symbols.walk.calls):
        return [], []
    locator = Locator(text)
    statements = _asking(symbols.walk.body, locator)
    sizes = _sizes(statements, symbols)
    if not sizes:
        return [], []
    edits: list[Edit] = []
    findings: list[Finding] = []
    minded, f_strings = _all_minded(statements), dict(_in_f_strings(statements))
    for node, confidence in sizes:
        if node in minded:
            continue
        made = None
        if confidence is not Confidence.MANUAL and node.attr == _VALUE and node not in f_strings:
            made = _edits(node, text, symbols, locator)
        if made is not None and made[0] in edits:
            made = None  # of `x.shape[0].value.shape[0].value`, two calls would begin at one place
        edits += made or []
        findings.append(_finding(node, f_strings.get(node, node), confidence if made else Confidence.MANUAL, locator))
    return edits, findings


def _asking(body: Sequence[ast.stmt], locator: Locator) -> list[ast.stmt]:
    """The statements of a module in whose text something may be asked for what only a Dimension has."""
    lines = [locator.place_at(start, 1).line for start in _asked(locator.source)]
    return [statement for statement in body if holds_any(statement, lines)]


def _sizes(statements: Sequence[ast.stmt], symbols: Symbols) -> list[tuple[ast.Attribute, Confidence]]:
    """Where a size is asked for what only a Dimension has, and how sure it is that it is one."""
    kept = [node for node in symbols.walk.body if node in statements or not isinstance(node, _DEFINITIONS)]
    names = DimensionNames(symbols, kept)
    called = {call.func for call in symbols.walk.calls}
    asked = (
        node
        for statement in statements
        for node in ast.walk(statement)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
        if (node.attr in _METHODS if node in called else node.attr == _VALUE)
    )
    return [(node, size) for node in asked for size in [names.is_size(node.value)] if size is not None]


def _all_minded(statements: Sequence[ast.stmt]) -> set[ast.AST]:
    """What the code looks at first, whether it is a Dimension."""
    nodes = (node for statement in statements for node in ast.walk(statement))
    return {inner for node in nodes for outer in _minded(node) for inner in ast.walk(outer)}


def _minded(node: ast.AST) -> Iterator[ast.AST]:
    """What runs only if something is a Dimension, or where it doesn't matter that it is none."""
    if isinstance(node, ast.Try):
        caught = [part for handler in node.handlers if handler.type for part in ast.walk(handler.type)]
        if any(isinstance(part, ast.Name) and part.id == 'AttributeError' for part in caught):
            yield from node.body
        return
    tests = [node.test] if isinstance(node, ast.If | ast.IfExp) else []
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        tests = [test for generator in node.generators for test in generator.ifs]
    if any(_asks_for_dimension(part) for test in tests for part in ast.walk(test)):
        yield node
    known = {ast.dump(subject) for test in tests for part in ast.walk(test) for subject in _asked_for_int(part)}
    for inner in ast.walk(node) if known else ():
        if isinstance(inner, ast.Attribute) and ast.dump(inner.value) in known:
            yield inner


def _asks_for_dimension(node: ast.AST) -> bool:
    """What stands in `hasattr(size, 'value')` and `isinstance(size, tf.Dimension)`."""
    if isinstance(node, ast.Constant):
        return bool(node.value == _VALUE)
    return isinstance(node, ast.Attribute | ast.Name) and (dotted_name(node) or '').endswith('Dimension')


def _asked_for_int(node: ast.AST) -> list[ast.expr]:
    """`size` of `isinstance(size, int)`."""
    if isinstance(node, ast.Call) and dotted_name(node.func) == 'isinstance' and len(node.args) == 2:
        kinds = [part.id for part in ast.walk(node.args[1]) if isinstance(part, ast.Name)]
        return node.args[:1] if 'int' in kinds else []
    return []


def _in_f_strings(statements: Sequence[ast.stmt]) -> Iterator[tuple[ast.AST, ast.JoinedStr]]:
    """What stands in f-strings, where no exact edit is possible before Python 3.12, nor is a place exact."""
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.JoinedStr):
                yield from ((inner, node) for inner in ast.walk(node) if inner is not node)


def _edits(node: ast.Attribute, text: str, symbols: Symbols, locator: Locator) -> list[Edit] | None:
    """`x.shape[1].value` as the argument of a function; None where that can't be written here."""
    function = _spelled(node, symbols)
    start, end = locator.span(node)
    size_end = locator.span(node.value)[1]
    closing, _, rest = text[size_end:end].partition('.')
    stands_alone = not text[start - 1 : start].isidentifier() and not text[start - 1 : start].isdigit()
    if function is None or not stands_alone or closing.strip(')') or rest != _VALUE:
        return None
    return [Edit(start, start, f'{function}('), Edit(size_end, end, f'{closing})')]


def _spelled(node: ast.Attribute, symbols: Symbols) -> str | None:
    """The function by a name that stands for TensorFlow at this place."""
    for module, rest in _FUNCTION.items():
        for name in symbols.heads:
            if symbols.resolve(name, node.lineno, node.col_offset) == module:
                return f'{name}.{rest}'
    return None


def _finding(node: ast.Attribute, whole: ast.expr, confidence: Confidence, locator: Locator) -> Finding:
    size = ast.unparse(node.value)
    message = f'`{size}` is an int or None in TensorFlow 2, which has no `.{node.attr}`'
    if confidence is Confidence.MANUAL:
        advice = f'Write tf.compat.dimension_value({size}), and take None for a size that is not known.'
        if node.attr == _VALUE:
            advice = f'Write tf.compat.dimension_value({size}).'
        return Finding(SIZE, confidence, locator.place(whole), message, advice)
    message += ': tf.compat.dimension_value takes both'
    advice = '' if confidence is Confidence.EQUIVALENT else 'Check that this is the shape of a tensor of TensorFlow.'
    return Finding(SIZE, confidence, locator.place(whole), message, advice)
