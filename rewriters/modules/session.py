"""Writer C: the session stays, and the calls that exported it become one call of the support module.

The support module (`rewriters/support/session_module.py`) is placed in the project once; it reads the graph and the
values from the live session, so that nothing has to be understood here but the calls themselves.
"""

from __future__ import annotations

import libcst as cst

from rewriters.exports.session_calls import SessionExport, Write
from rewriters.late_imports import imports_late
from rewriters.module_view import ModuleView
from rewriters.modules.change import Change
from rewriters.modules.local_imports import with_local_imports
from rewriters.modules.serving import unique, with_leading
from rewriters.modules.session_tables import with_tables
from rewriters.modules.unused_init_ops import find_unused
from rewriters.options import SESSION_MODULE
from rewriters.origins import Origins
from rewriters.outcome import Writer
from rewriters.symbols import Symbols
from rewriters.syntax import code, comments, expression, find_all, names_used, replace_nodes, statement, string_value
from rewriters.versions import version_decides

SUPPORT_MODULE = SESSION_MODULE
_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(' '))
# For files in which the name means something else.
_OTHER_NAME = 'tf1_session_module'
_KEPT_BY_ADD = ('signature_def_map', 'tags', 'assets_collection')

_Replacements = dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]


def write(view: ModuleView, export: SessionExport) -> Change:
    """The calls of the site replaced."""
    module, imports = _support_name(view)
    replacements: _Replacements = {}
    directory = export.directory
    if export.made is not None and not _means_the_same_later(view, export):
        name = _directory_name(view, export)
        replacements[export.made] = (statement(f'{name} = {code(directory)}\n'),)
        directory = expression(name)
    result = _keep_result(view, export, replacements)
    for node in (export.made, *(save.statement for save in export.saves)):
        if node is not None and node not in replacements:
            gone = _condition_around(view, node) or node
            replacements[gone] = (statement('pass\n'),) if view.is_only_statement(gone) else ()
            _keep_blank_lines(view, gone, replacements)
    for line in find_unused(view, export):
        _drop(view, line, replacements)
    for each in export.writes:
        call = _simple_save(each, module) if export.made is None else _save(view, each, module, directory)
        target = result if each.folder is None else None
        (before,) = replacements.get(each.statement, (each.statement,))
        replacements[each.statement] = _written(each, before, call, target)
    replacements = _with_all_comments(replacements, export)
    if imports and imports_late(view.symbols):
        replacements = with_local_imports(view, replacements, [each.statement for each in export.writes], *imports)
        imports = ()
    return Change(
        with_tables(view, replacements),
        (),
        Writer.SESSION,
        review=' '.join((*export.reviews, *of_version(view.text, view.symbols, view.origins))),
        imports=imports,
        support_modules=(SUPPORT_MODULE,),
    )


def of_version(text: str, symbols: Symbols, origins: Origins | None) -> tuple[str, ...]:
    """A word on code that asks which TensorFlow runs: it stays, and gets another answer now."""
    line = version_decides(text, symbols, origins)
    if line is None:
        return ()
    return (
        f'Line {line} asks for the version of TensorFlow, and what is meant for TensorFlow 1 is no longer what runs: '
        'check that the graph stays the same.',
    )


def _keep_result(view: ModuleView, export: SessionExport, replacements: _Replacements) -> cst.BaseExpression | None:
    """What the path that `save()` returned is assigned to, if it is used: the new call returns it as well."""
    used = [save for save in export.saves if not save.is_alone]
    if not used:
        return None
    if len(export.writes) == 1 and view.next_statement(export.writes[0].statement) is used[0].statement:
        small = used[0].statement.body[0]
        if isinstance(small, cst.Assign) and len(small.targets) == 1 and small.value is used[0].call:
            return small.targets[0].target
    name = cst.Name(view.new_name('saved_model_path'))
    for save in used:
        replacements[save.statement] = (replace_nodes(save.statement, {save.call: name}),)
    return name


def _written(
    write: Write, before: cst.BaseStatement, call: cst.Call, result: cst.BaseExpression | None
) -> tuple[cst.BaseStatement, ...]:
    """The statement with its new call, after the init op that TensorFlow 1 ran when it loaded the model."""
    written = replace_nodes(before, {write.call: call})
    if result is not None:
        target = cst.AssignTarget(cst.ensure_type(result, cst.BaseAssignTargetExpression))  # type: ignore[type-abstract]
        written = written.with_changes(body=[cst.Assign([target], call)])
    if write.init_op is None:
        return (written,)
    lines = getattr(written, 'leading_lines', ())
    run = cst.Call(cst.Attribute(write.session, cst.Name('run')), [cst.Arg(write.init_op)])
    first: cst.BaseStatement = cst.SimpleStatementLine([cst.Expr(run)], leading_lines=lines)
    if write.may_be_none:
        first = statement(f'if {code(write.init_op)} is not None:\n    {code(run)}\n').with_changes(leading_lines=lines)
    return first, written.with_changes(leading_lines=[])


def _condition_around(view: ModuleView, node: cst.SimpleStatementLine) -> cst.If | None:
    """The `if` that decides about a statement and nothing else, and does nothing by itself."""
    _, outer, block, *_ = [*view.ancestors(node), None, None, None]
    is_whole = isinstance(outer, cst.If) and outer.orelse is None and view.is_only_statement(node)
    if not is_whole or not isinstance(block, cst.IndentedBlock | cst.Module):
        return None
    condition = cst.ensure_type(outer, cst.If)
    return None if find_all(condition.test, (cst.Call, cst.Subscript, cst.NamedExpr, cst.Await)) else condition


def _keep_blank_lines(view: ModuleView, node: cst.SimpleStatementLine | cst.If, replacements: _Replacements) -> None:
    """The blank lines above a statement that goes are put above the one that follows."""
    blank = [line for line in node.leading_lines if line.comment is None]
    following = view.next_statement(node)
    if blank and following is not None and not getattr(following, 'leading_lines', ()):
        replacements[following] = (with_leading(following, blank),)


def _drop(view: ModuleView, node: cst.SimpleStatementLine, replacements: _Replacements) -> None:
    """Takes a statement out; the blank lines above it may be those of one that is out already."""
    (current,) = replacements.get(node, (node,))
    replacements[node] = (statement('pass\n'),) if view.is_only_statement(node) else ()
    blank = [line for line in getattr(current, 'leading_lines', ()) if line.comment is None]
    following = view.next_statement(node)
    while following is not None and replacements.get(following) == ():
        following = view.next_statement(following)
    if blank and following is not None:
        (after,) = replacements.get(following, (following,))
        if not getattr(after, 'leading_lines', ()):
            replacements[following] = (with_leading(after, blank),)


def _with_all_comments(replacements: _Replacements, export: SessionExport) -> _Replacements:
    """The comments of what goes are put before the statement that stays, or that takes its place."""
    carried: list[cst.EmptyLine] = []
    result = dict(replacements)
    writes = [each.statement for each in export.writes]
    for node, new in replacements.items():
        kept = {line.comment.value for stays in new for line in comments(stays) if line.comment is not None}
        lost = [line for line in comments(node) if line.comment is not None and line.comment.value not in kept]
        blank = [line for line in getattr(node, 'leading_lines', ()) if line.comment is None]
        if node in writes or not new:
            carried += lost
        else:
            result[node] = (with_leading(new[0], [*blank, *lost]), *new[1:])
    first, *rest = result[writes[0]]
    result[writes[0]] = (with_leading(first, carried), *rest)
    return result


def _support_name(view: ModuleView) -> tuple[str, tuple[str, ...]]:
    """The name of the support module in this file, and the import that it needs."""
    imported = view.symbols.module_names(view.session_module)
    if imported:
        return imported[0], ()
    package = view.session_module.rpartition('.')[0]
    import_it = f'from {package} import {SUPPORT_MODULE}' if package else f'import {SUPPORT_MODULE}'
    if SUPPORT_MODULE not in view.source_names:
        return SUPPORT_MODULE, (import_it,)
    return _OTHER_NAME, (f'{import_it} as {_OTHER_NAME}',)


def _directory_name(view: ModuleView, export: SessionExport) -> str:
    """The name that keeps the directory from where the builder was made to where the model is written."""
    if export.builder is None:
        return view.new_name('export_dir')
    owner, _, attribute = export.builder.rpartition('.')
    taken = {cst.ensure_type(node, cst.Attribute).attr.value for node in view.find_all(cst.Attribute)}
    return f'{owner}.{unique(f"{attribute}_dir", taken | view.names)}'


def _means_the_same_later(view: ModuleView, export: SessionExport) -> bool:
    """Whether the directory's expression can be evaluated where the model is written instead."""
    if string_value(export.directory) is not None:
        return True
    if not isinstance(export.directory, cst.Name) or export.builder is not None:
        return False
    first = export.made or export.writes[0].statement
    if view.enclosing_function(first) is not view.enclosing_function(export.writes[0].statement):
        return False
    scope = view.enclosing_function(first) or view.module
    name = export.directory.value
    return all(view.line(line) < view.line(first) for line in _bindings(scope, name))


def _bindings(scope: cst.CSTNode, name: str) -> list[cst.CSTNode]:
    """The statements in a function or module that bind a name."""
    kinds = (cst.SimpleStatementLine, cst.For, cst.With)
    return [node for node in find_all(scope, kinds) if name in names_used(node)[1]]


def _simple_save(write: Write, module: str) -> cst.Call:
    kept = [argument for argument in write.call.args if not _is_named(argument, 'legacy_init_op')][:4]
    kept[-1] = _without_comma(kept[-1])
    return write.call.with_changes(func=_function(module, 'simple_save'), args=kept)


def _save(view: ModuleView, write: Write, module: str, directory: cst.BaseExpression) -> cst.Call:
    """The arguments of `add_meta_graph_and_variables` by keyword, and the directory after the session."""
    by_value = {value: name for name, value in write.values.items()}
    given = [(by_value[argument.value], argument) for argument in write.call.args]
    kept = [_keyword(argument, name) for name, argument in given if name in _KEPT_BY_ADD]
    kept[-1] = _without_comma(kept[-1])
    after = next((argument.comma for name, argument in given if name == 'sess'), _COMMA)
    session = cst.Arg(write.session, comma=_COMMA)
    folder = cst.Arg(_folder(view, write, directory), comma=after)
    return write.call.with_changes(func=_function(module, 'save'), args=[session, folder, *kept])


def _folder(view: ModuleView, write: Write, directory: cst.BaseExpression) -> cst.BaseExpression:
    """The export directory or, for a further tag set, a folder in it."""
    if write.folder is None:
        return directory
    literal, name = string_value(directory), string_value(write.folder)
    if literal is not None and name is not None:
        return cst.SimpleString(repr(f'{literal.rstrip("/")}/{name}'))
    tf = view.tensorflow_name() or view.symbols.module_names('tensorflow.compat.v1')[0]
    return expression(f'{tf}.io.gfile.join({tf}.compat.as_str({code(directory)}), {code(write.folder)})')


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
