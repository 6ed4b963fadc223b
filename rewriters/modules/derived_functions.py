"""The functions that stand in place of a model_fn: one for training, one for what is served."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.model_fn import Derived
from rewriters.modules.notes import notes_of
from rewriters.modules.served_outputs import Served, ServedOutput
from rewriters.modules.serving import bracketed, unique, with_leading
from rewriters.syntax import code, dict_items, find_all, name_nodes, statement

_GONE = ('estimator.', 'contrib.')


def train_function(view: ModuleView, model_fn: cst.FunctionDef, name: str, derived: Derived) -> cst.BaseStatement:
    """The function for training: it returns the loss and the train_op."""
    values = ', '.join(code(result) for result in derived.results)
    returned = with_leading(statement(f'return {values}\n'), notes_of(derived.returned, derived.results))
    return _function(view, model_fn, name, derived, [returned])


def predict_function(
    view: ModuleView, model_fn: cst.FunctionDef, name: str, derived: Derived, served: Served, train: Derived | None
) -> cst.BaseStatement:
    """The function for what is served: it returns a dict of outputs for each signature."""
    elsewhere = [train.returned] if train is not None else []
    written = [*derived.results, *elsewhere]
    notes = [note for node in [*derived.moved, derived.returned] for note in notes_of(node, written)]
    last = _returned(model_fn, served.outputs)
    last[0] = with_leading(last[0], notes)
    return _function(view, model_fn, name, derived, last)


def _function(
    view: ModuleView, model_fn: cst.FunctionDef, name: str, derived: Derived, last: Sequence[cst.BaseStatement]
) -> cst.BaseStatement:
    parameters = [_parameter(view, p) for p in model_fn.params.params if p.name.value in derived.parameters]
    block = cst.ensure_type(model_fn.body, cst.IndentedBlock)
    footer = [line for line in block.footer if line.comment is not None]
    body = [*derived.statements, *last[:-1], with_leading(last[-1], footer)]
    return cst.FunctionDef(
        name=cst.Name(name),
        params=cst.Parameters(parameters),
        body=cst.IndentedBlock(body, header=block.header),
    )


def _parameter(view: ModuleView, parameter: cst.Param) -> cst.Param:
    """A parameter with its annotation, if that still has a meaning."""
    annotation = parameter.annotation
    symbols = [view.symbol(n) or '' for n in find_all(annotation, (cst.Attribute, cst.Name))] if annotation else []
    return cst.Param(parameter.name, None if any(s.startswith(_GONE) for s in symbols) else annotation)


def _returned(model_fn: cst.FunctionDef, outputs: Sequence[ServedOutput]) -> list[cst.BaseStatement]:
    """The return statement. Outputs that go by two keys get a name first."""
    before: list[cst.BaseStatement] = []
    texts = {output.key: _text(output.outputs, 12 if len(outputs) > 1 else 8) for output in outputs}
    for output in outputs:
        if output.alias_of and not isinstance(output.outputs, cst.Name):
            name = unique('outputs', (node.value for node in name_nodes(model_fn)))
            before.append(statement(f'{name} = {_text(output.outputs, 8)}\n'))
            texts[output.key] = texts[output.alias_of] = name
    entries = [f'{output.key!r}: {texts[output.key]}' for output in outputs]
    line = 'return {' + ', '.join(entries) + '}'
    single = len(entries) == 1 or (len(line) <= 92 and '\n' not in line)
    return [*before, statement((line if single else bracketed('return {', [*entries], '}', indent=0)) + '\n')]


def _text(node: cst.BaseExpression, indent: int) -> str:
    """A dict of outputs, on one line or one entry a line."""
    items = dict_items(node)
    if items is None or find_all(node, cst.Comment):
        return code(node)
    entries = [f'{code(key)}: {code(value)}' for key, value in items]
    line = '{' + ', '.join(entries) + '}'
    if len(line) + indent <= 92 and '\n' not in line:
        return line
    inner = ' ' * (indent - 4)
    return '{\n' + ''.join(f'{inner}{entry},\n' for entry in entries) + ' ' * (indent - 8) + '}'
