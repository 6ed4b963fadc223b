"""The text of a serving class: a `tf.Module` with one signature method per signature."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import libcst as cst

from rewriters.modules.slices import Parameter
from rewriters.syntax import assigned_name, assigned_value, code, comments, statement

_LINE = 100
BLANK = cst.EmptyLine(indent=False)


@dataclass(frozen=True)
class Method:
    """One signature method: `body` are the moved statements, `outputs` (name, source text) pairs.

    `notes` are the comments of the placeholders that became the parameters.
    """

    name: str
    parameters: tuple[Parameter, ...]
    body: tuple[cst.BaseStatement, ...]
    outputs: tuple[tuple[str, str], ...]
    notes: tuple[cst.EmptyLine, ...] = ()


@dataclass
class ServingClass:
    """A class to be written. `init` are the statements of `__init__` after `super().__init__()`."""

    name: str
    doc: str
    tf: str
    init: list[cst.BaseStatement] = field(default_factory=list)
    methods: list[Method] = field(default_factory=list)

    def node(self) -> cst.ClassDef:
        """The class as a statement."""
        members: list[cst.BaseStatement] = [statement(f'"""{self.doc}"""\n')]
        if self.init:
            members.append(_function('def __init__(self):\n    super().__init__()\n', self.init))
        members += [_method(method, self.tf) for method in self.methods]
        node = statement(f'class {self.name}({self.tf}.Module):\n    pass\n')
        assert isinstance(node, cst.ClassDef)
        spaced = [members[0], *(with_blank_line(member) for member in members[1:])]
        return node.with_changes(body=cst.IndentedBlock(spaced))


def _function(text: str, more: Sequence[cst.BaseStatement]) -> cst.FunctionDef:
    node = statement(text)
    assert isinstance(node, cst.FunctionDef)
    block = cst.ensure_type(node.body, cst.IndentedBlock)
    return node.with_changes(body=block.with_changes(body=[*block.body, *more]))


def _method(method: Method, tf: str) -> cst.FunctionDef:
    specs = [spec_text(tf, parameter) for parameter in method.parameters]
    decorator = bracketed(f'@{tf}.function(input_signature=[', specs, '])')
    parameters = ', '.join(['self', *(parameter.name for parameter in method.parameters)])
    body, outputs = _inlined(method)
    returned = bracketed('return {', [f'{name!r}: {value}' for name, value in outputs], '}', indent=4)
    node = statement(f'{decorator}\ndef {method.name}({parameters}):\n    {returned}\n')
    assert isinstance(node, cst.FunctionDef)
    block = cst.ensure_type(node.body, cst.IndentedBlock)
    statements = without_blank_lines_before([*body, *block.body])
    first = with_leading(statements[0], method.notes)
    return node.with_changes(body=block.with_changes(body=[first, *statements[1:]]))


def _inlined(method: Method) -> tuple[Sequence[cst.BaseStatement], Sequence[tuple[str, str]]]:
    """A body of the one statement `y = f(x)` whose `y` is the one output goes into the return statement."""
    if len(method.body) != 1 or len(method.outputs) != 1:
        return method.body, method.outputs
    name, output = method.outputs[0]
    value = assigned_value(method.body[0])
    if value is None or assigned_name(method.body[0]) != output or comments(method.body[0]) or '\n' in code(value):
        return method.body, method.outputs
    return (), [(name, code(value))]


def spec_text(tf: str, parameter: Parameter) -> str:
    """`tf.TensorSpec(shape, dtype, name='key')`: the signature's input takes its name from the spec."""
    return f'{tf}.TensorSpec({parameter.spec.shape}, {parameter.spec.dtype}, name={parameter.key!r})'


def bracketed(start: str, items: Sequence[str], end: str, indent: int = 0) -> str:
    """`start items end` on one line, or one item a line where that is too long."""
    line = start + ', '.join(items) + end
    if len(line) + indent + 8 <= _LINE and '\n' not in line:
        return line
    inner = ' ' * (indent + 4)
    return start + '\n' + ''.join(f'{inner}{item},\n' for item in items) + ' ' * indent + end


def unique(name: str, taken: Iterable[str]) -> str:
    """`name`, or `name_2`, `name_3` …, whichever is free."""
    used = set(taken)
    candidate, number = name, 2
    while candidate in used:
        candidate, number = f'{name}_{number}', number + 1
    return candidate


def with_leading(node: cst.BaseStatement, lines: Sequence[cst.EmptyLine]) -> cst.BaseStatement:
    """The statement with lines put before its own leading lines."""
    own: Sequence[cst.EmptyLine] = getattr(node, 'leading_lines', ())
    return node.with_changes(leading_lines=[*lines, *own])


def with_blank_line(node: cst.BaseStatement, count: int = 1) -> cst.BaseStatement:
    """The statement with `count` blank lines before it and its comments."""
    own: Sequence[cst.EmptyLine] = getattr(node, 'leading_lines', ())
    comments = [line for line in own if line.comment is not None]
    return node.with_changes(leading_lines=[*[BLANK] * count, *comments])


def without_blank_lines_before(statements: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
    """The statements, the first of them with its comments but without the blank lines above it."""
    if not statements:
        return []
    own: Sequence[cst.EmptyLine] = getattr(statements[0], 'leading_lines', ())
    first = statements[0].with_changes(leading_lines=[line for line in own if line.comment is not None])
    return [first, *statements[1:]]
