"""Writer C: the session stays, and the calls that exported it become one call of the support module.

The support module (`rewriters/support/session_module.py`) is placed in the project once; it reads the graph and the
values from the live session, so that nothing has to be understood here but the calls themselves.
"""

from __future__ import annotations

import libcst as cst

from rewriters.exports.session_calls import SessionExport
from rewriters.module_view import ModuleView
from rewriters.modules.change import Change
from rewriters.modules.serving import with_leading
from rewriters.plan import Writer
from rewriters.refusal import Refusal
from rewriters.syntax import code, comments, find_all, names_used, replace_nodes, statement, string_value

SUPPORT_MODULE = 'session_module'
_TEXT_REVIEW = 'The model is written as saved_model.pb: TensorFlow 2 writes no saved_model.pbtxt. Loaders read either.'
_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(' '))
_KEPT_BY_ADD = ('signature_def_map', 'tags', 'assets_collection')


def write(view: ModuleView, export: SessionExport) -> Change:
    """The calls of the site replaced.

    Raises:
        Refusal: the name of the support module means something else in this file.
    """
    module = _support_name(view)
    replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]] = {}
    directory = export.directory
    if export.made is not None and not _means_the_same_later(view, export):
        name = view.new_name('export_dir')
        replacements[export.made] = (statement(f'{name} = {code(directory)}\n'),)
        directory = cst.Name(name)
    for node in (export.made, export.saved):
        if node is not None and node not in replacements:
            replacements[node] = (statement('pass\n'),) if view.is_only_statement(node) else ()
            _keep_blank_lines(view, node, replacements)
    call = _simple_save(export, module) if export.made is None else _save(export, module, directory)
    replacements[export.statement] = (replace_nodes(export.statement, {export.call: call}),)
    return Change(
        _with_all_comments(replacements, export),
        (),
        Writer.SESSION,
        review=_TEXT_REVIEW if export.as_text else '',
        imports=() if view.symbols.module_names(SUPPORT_MODULE) else (f'import {SUPPORT_MODULE}',),
        support_modules=(SUPPORT_MODULE,),
    )


def _keep_blank_lines(
    view: ModuleView, node: cst.SimpleStatementLine, replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]
) -> None:
    """The blank lines above a statement that goes are put above the one that follows."""
    blank = [line for line in node.leading_lines if line.comment is None]
    following = view.next_statement(node)
    if blank and following is not None and not getattr(following, 'leading_lines', ()):
        replacements[following] = (with_leading(following, blank),)


def _with_all_comments(
    replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]], export: SessionExport
) -> dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]:
    """The comments of what goes are put before the statement that stays, or that takes its place."""
    carried: list[cst.EmptyLine] = []
    result = dict(replacements)
    for node, new in replacements.items():
        kept = {line.comment.value for stays in new for line in comments(stays) if line.comment is not None}
        lost = [line for line in comments(node) if line.comment is not None and line.comment.value not in kept]
        blank = [line for line in getattr(node, 'leading_lines', ()) if line.comment is None]
        if node is export.statement:
            carried += lost
        elif new:
            result[node] = (with_leading(new[0], [*blank, *lost]), *new[1:])
        else:
            carried += lost
    first, *rest = result[export.statement]
    result[export.statement] = (with_leading(first, carried), *rest)
    return result


def _support_name(view: ModuleView) -> str:
    """The name of the support module, which must mean nothing else in the source."""
    imported = view.symbols.module_names(SUPPORT_MODULE) == (SUPPORT_MODULE,)
    if SUPPORT_MODULE in view.source_names and not imported:
        raise Refusal(f'the name `{SUPPORT_MODULE}` means something else in this file')
    return SUPPORT_MODULE


def _means_the_same_later(view: ModuleView, export: SessionExport) -> bool:
    """Whether the directory's expression can be evaluated where the model is written instead."""
    if string_value(export.directory) is not None:
        return True
    if not isinstance(export.directory, cst.Name):
        return False
    scope = view.enclosing_function(export.statement) or view.module
    name, last = export.directory.value, view.line(export.made or export.statement)
    return all(view.line(line) < last for line in _bindings(scope, name))


def _bindings(scope: cst.CSTNode, name: str) -> list[cst.CSTNode]:
    """The statements in a function or module that bind a name."""
    kinds = (cst.SimpleStatementLine, cst.For, cst.With)
    return [node for node in find_all(scope, kinds) if name in names_used(node)[1]]


def _simple_save(export: SessionExport, module: str) -> cst.Call:
    kept = [argument for argument in export.call.args if not _is_named(argument, 'legacy_init_op')][:4]
    kept[-1] = _without_comma(kept[-1])
    return export.call.with_changes(func=_function(module, 'simple_save'), args=kept)


def _save(export: SessionExport, module: str, directory: cst.BaseExpression) -> cst.Call:
    """The arguments of `add_meta_graph_and_variables` by keyword, and the directory after the session."""
    by_value = {value: name for name, value in export.values.items()}
    session: list[cst.Arg] = []
    kept: list[cst.Arg] = []
    for argument in export.call.args:
        name = by_value[argument.value]
        if name == 'sess':
            given = argument.with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT, comma=_COMMA)
            session = [given, cst.Arg(directory, comma=argument.comma)]
        elif name in _KEPT_BY_ADD:
            kept.append(_keyword(argument, name))
    kept[-1] = _without_comma(kept[-1])
    return export.call.with_changes(func=_function(module, 'save'), args=[*session, *kept])


def _function(module: str, name: str) -> cst.Attribute:
    return cst.Attribute(cst.Name(module), cst.Name(name))


def _keyword(argument: cst.Arg, name: str) -> cst.Arg:
    if argument.keyword is not None:
        return argument
    tight = cst.AssignEqual(cst.SimpleWhitespace(''), cst.SimpleWhitespace(''))
    return argument.with_changes(keyword=cst.Name(name), equal=tight)


def _is_named(argument: cst.Arg, name: str) -> bool:
    return argument.keyword is not None and argument.keyword.value == name


def _without_comma(argument: cst.Arg) -> cst.Arg:
    """The last argument, without what stood between it and one that is gone."""
    return argument.with_changes(comma=cst.MaybeSentinel.DEFAULT)
