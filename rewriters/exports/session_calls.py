"""Reads the calls of a session-style export without understanding the graph: what writer C needs.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/saved_model/Builder
https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/saved_model/simple_save
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import libcst as cst

from rewriters.exports import builder_uses, init_ops, paths, tensor_names
from rewriters.exports.common import handed_out
from rewriters.module_view import ModuleView
from rewriters.refusal import Refusal
from rewriters.syntax import arguments, code, dotted_name, find_all, names_used, only_small_statement, string_value

_ADD = (
    'sess tags signature_def_map assets_collection legacy_init_op clear_devices main_op strip_default_attrs saver'
).split()
_SIMPLE_SAVE = 'session export_dir inputs outputs legacy_init_op'.split()
_NO_SIGNATURE = (
    'the export has no signature: whoever loads it looks tensors up in its graph by name, and a TensorFlow 2 '
    'SavedModel has nothing but its signatures to call'
)
_NO_SIGNATURE_ADVICE = (
    'Name the tensors that are looked up in a signature_def_map, and it can be rewritten. As it stands it runs under '
    'tf.compat.v1; tf.saved_model.load(export_dir, tags) loads such a model, and prune() of it takes tensor names.'
)
_SAVER_REVIEW = (
    '`saver=` is gone: the variables get the values that they have in the session. Check that `{saver}` did not save '
    'others.'
)
_TEXT_REVIEW = 'The model is written as saved_model.pb: TensorFlow 2 writes no saved_model.pbtxt. Loaders read either.'
_INIT_REVIEW = (
    'TensorFlow 1 ran the init op `{op}` whenever the model was loaded. It now runs once, before the values are read: '
    'check that it does the same wherever it runs, and that nothing after the export needs the values from before.'
)
_TAGS_REVIEW = (
    'TensorFlow 2 keeps one tag set in a SavedModel: each further one is written to a folder of its own, in the export '
    'directory and named by its tags. A loader that asks for these tags must be given that folder.'
)
_FOLDER_REVIEW = (
    'The export directory was checked where the builder was made, and must now be empty at the time of saving: check '
    'that nothing is written to it in between.'
)


_SPREAD_REVIEW = (
    'The builder was made, filled and saved in several methods: the model is now written where it was filled. Check '
    'that it was always saved after that.'
)
_TENSORFLOW_REVIEW = 'Check that `{name}`, which another module hands out, is TensorFlow.'


@dataclass(frozen=True)
class Write:
    """A call that writes the graph: `add_meta_graph_and_variables`, `add_meta_graph` or `simple_save`.

    `values` are its arguments by parameter, `session` what it exports. `init_op` is what must run before the values
    are read; it `may_be_none`. `folder` names the folder, in the export directory, of a further tag set.
    """

    call: cst.Call
    statement: cst.SimpleStatementLine
    values: Mapping[str, cst.BaseExpression]
    session: cst.BaseExpression
    init_op: cst.BaseExpression | None = None
    folder: cst.BaseExpression | None = None
    may_be_none: bool = False


@dataclass(frozen=True)
class Save:
    """A `save()` call, and whether its statement is nothing else."""

    call: cst.Call
    statement: cst.SimpleStatementLine
    is_alone: bool


@dataclass(frozen=True)
class SessionExport:
    """The calls of one site. `made` and `saves` are the builder's around the writes; simple_save has none.

    `builder` is the attribute that the builder is kept in, if it is made and filled in different methods.
    """

    directory: cst.BaseExpression
    writes: tuple[Write, ...]
    made: cst.SimpleStatementLine | None = None
    saves: tuple[Save, ...] = ()
    reviews: tuple[str, ...] = ()
    """What a person must check of the new calls."""
    builder: str | None = None


def read_simple_save(view: ModuleView, call: cst.Call) -> SessionExport:
    """The simple_save call. One whose arguments are handed on in a dict keeps them: it has no others.

    Raises:
        Refusal: it stands where no statement can be put, or its arguments are not understood.
    """
    statement = paths.statement_of(view, call)
    values = arguments(call, _SIMPLE_SAVE)
    if any(argument.star for argument in call.args):
        nothing = cst.Name('None')
        reviews = _where_from(view, call, 'saved_model.simple_save')
        return SessionExport(nothing, (Write(call, statement, {}, nothing),), reviews=tuple(reviews))
    if values is None or not {'session', 'export_dir', 'inputs', 'outputs'} <= values.keys():
        raise Refusal('simple_save is called in a way that is not understood', call)
    init_op, reviews = _init_op(view, values, values['session'], call)
    reviews += [*_where_from(view, call, 'saved_model.simple_save'), *tensor_names.notes(view, call)]
    may_be_none = init_op is not None and not init_ops.is_made_here(view, init_op, call)
    write = Write(call, statement, values, values['session'], init_op, None, may_be_none)
    return SessionExport(values['export_dir'], (write,), reviews=tuple(reviews))


def read_builder(view: ModuleView, call: cst.Call) -> SessionExport:
    """The calls of the builder that this call makes.

    Raises:
        Refusal: the builder goes elsewhere, or what it does is not understood.
    """
    directory = arguments(call, ['export_dir'])
    if not directory:
        raise Refusal('the builder is made in a way that is not understood', call)
    uses = builder_uses.find(view, call)
    builder_uses.check_flow(view, uses)
    reviews = _where_from(view, call, 'saved_model.Builder')
    writes = [_write(view, add, reviews) for add in uses.adds]
    writes += [_further(view, add, writes, reviews) for add in uses.further]
    if uses.further:
        reviews.append(_TAGS_REVIEW)
    if any(save.args and dotted_name(save.args[0].value) != 'False' for save in uses.saves):
        reviews.append(_TEXT_REVIEW)
    if uses.spread:
        reviews.append(_SPREAD_REVIEW)
    elif _is_of_module(view, uses) or _mentioned_between(view, uses, directory['export_dir']):
        reviews.append(_FOLDER_REVIEW)
    reviews += tensor_names.notes(view, uses.adds[0])
    unique = tuple(dict.fromkeys(reviews))
    builder = uses.name if uses.spread else None
    return SessionExport(directory['export_dir'], tuple(writes), uses.made, _saves(view, uses), unique, builder)


def _where_from(view: ModuleView, call: cst.Call, symbol: str) -> list[str]:
    name = handed_out(view, call, symbol)
    return [_TENSORFLOW_REVIEW.format(name=name)] if name is not None else []


def _saves(view: ModuleView, uses: builder_uses.Uses) -> tuple[Save, ...]:
    saves = [Save(call, paths.statement_of(view, call), _is_alone(view, call)) for call in uses.saves]
    for save in saves:
        always = len(uses.adds) == 1 and not uses.spread and paths.runs_with(view, uses.adds[0], save.call)
        if not save.is_alone and (not always or only_small_statement(save.statement) is None):
            raise Refusal('what save() returns is used, and something may not have been added', save.call)
    return tuple(saves)


def _write(view: ModuleView, add: cst.Call, reviews: list[str]) -> Write:
    values = arguments(add, _ADD)
    if values is None or 'sess' not in values:
        raise Refusal('add_meta_graph_and_variables is called in a way that is not understood', add)
    return _checked(view, add, values, values['sess'], reviews)


def _further(view: ModuleView, add: cst.Call, writes: list[Write], reviews: list[str]) -> Write:
    """An `add_meta_graph` call: another MetaGraph over the same variables."""
    values = arguments(add, _ADD[1:])
    first = writes[0]
    if values is None or 'tags' not in values or len(writes) > 1:
        raise Refusal('add_meta_graph is called in a way that is not understood', add)
    if paths.blocks(view, add) != paths.blocks(view, first.call):
        raise Refusal('the builder is filled from several graphs, whose variables are those of the first', add)
    if _uses_between(view, first, add):
        raise Refusal('the session is used between two MetaGraphs: the variables are those of the first', add)
    if view.tensorflow_name() is None and not view.symbols.module_names('tensorflow.compat.v1'):
        raise Refusal('the file has no `import tensorflow as tf` at its top, which joining folders needs', add)
    write = _checked(view, add, values, first.session, reviews)
    return replace(write, folder=_folder(values['tags'], add))


def _uses_between(view: ModuleView, first: Write, add: cst.Call) -> bool:
    """Whether a statement between the two, in their block, mentions the session."""
    body = paths.blocks(view, add)[0]
    statements = body.body if isinstance(body, cst.Module | cst.IndentedBlock) else ()
    session = (dotted_name(first.session) or '').partition('.')[0]
    between = [s for s in statements if view.line(first.call) < view.line(s) and s is not paths.statement_of(view, add)]
    return any(view.line(s) < view.line(add) and session in names_used(s)[0] for s in between)


def _folder(tags: cst.BaseExpression, add: cst.Call) -> cst.BaseExpression:
    """The tags, joined: `'serve-gpu'`."""
    if not isinstance(tags, cst.List | cst.Tuple) or not tags.elements:
        raise Refusal('the tags of a further MetaGraph are not written out where it is added', add)
    elements = [element.value for element in tags.elements]
    values = [string_value(element) for element in elements]
    literal = [value for value in values if value is not None]
    if len(literal) == len(values):
        return cst.SimpleString(repr('-'.join(literal)))
    if len(elements) == 1:
        return elements[0]
    joined = ', '.join(code(element) for element in elements)
    return cst.parse_expression(f"'-'.join([{joined}])")


def _checked(
    view: ModuleView,
    add: cst.Call,
    values: Mapping[str, cst.BaseExpression],
    session: cst.BaseExpression,
    reviews: list[str],
) -> Write:
    if 'signature_def_map' not in values or dotted_name(values['signature_def_map']) == 'None':
        raise Refusal(_NO_SIGNATURE, add, _NO_SIGNATURE_ADVICE)
    saver = values.get('saver')
    if saver is not None and not init_ops.is_plain_saver(view, saver, add):
        reviews.append(_SAVER_REVIEW.format(saver=code(saver)))
    init_op, notes = _init_op(view, values, session, add)
    reviews += notes
    may_be_none = init_op is not None and not init_ops.is_made_here(view, init_op, add)
    return Write(add, paths.own_statement(view, add), values, session, init_op, None, may_be_none)


def _init_op(
    view: ModuleView, values: Mapping[str, cst.BaseExpression], session: cst.BaseExpression, call: cst.Call
) -> tuple[cst.BaseExpression | None, list[str]]:
    """What must run before the values are read, since TensorFlow 1 ran it when the model was loaded.

    An op that fills tables is not needed any more. Of two, TensorFlow 1 took the first that was not None.
    """
    given = [values[name] for name in ('main_op', 'legacy_init_op') if name in values]
    given = [node for node in given if dotted_name(node) != 'None']
    if all(init_ops.only_fills_tables(view, node, call) for node in given):
        return None, []
    text = ' '.join(code(given[0]).split())
    if len(given) > 1 or dotted_name(session) is None or not _is_alone(view, call):
        raise Refusal(f'the init op `{text}` may do more than fill tables', given[0])
    return given[0], [_INIT_REVIEW.format(op=text)]


def _is_alone(view: ModuleView, call: cst.Call) -> bool:
    small = only_small_statement(paths.statement_of(view, call))
    return isinstance(small, cst.Expr) and small.value is call


def _is_of_module(view: ModuleView, uses: builder_uses.Uses) -> bool:
    """Whether the builder belongs to the module, and a function uses it."""
    return view.enclosing_function(uses.made) is not view.enclosing_function(uses.adds[0])


def _mentioned_between(view: ModuleView, uses: builder_uses.Uses, directory: cst.BaseExpression) -> bool:
    """Whether a call is given the directory after the builder is made, before something is added."""
    first, last = view.range(uses.made).end.line, min(view.line(add) for add in uses.adds)
    scope = view.enclosing_function(uses.made) or view.module
    calls = [call for call in find_all(scope, cst.Call) if first < view.line(call) < last]
    given = [node for call in calls for node in find_all(call, (cst.Name, cst.Attribute, cst.SimpleString))]
    text, name = string_value(directory), dotted_name(directory)
    if text is not None:
        return any((string_value(node) or '').startswith(text.rstrip('/')) for node in given)
    return name is not None and any(dotted_name(node) == name for node in given)
