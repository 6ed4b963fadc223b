"""Puts a rewritten region together: what stays, the serving class, its instance, the calls of it, and the save."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.change import Change
from rewriters.modules.export_folder import must_exist
from rewriters.modules.roles import Role, Roles, is_session_run
from rewriters.modules.save import save_statements
from rewriters.modules.serving import (
    BLANK,
    Method,
    ServingClass,
    unique,
    with_blank_line,
    with_leading,
    without_blank_lines_before,
)
from rewriters.modules.session_runs import module_call
from rewriters.modules.surroundings import review_note
from rewriters.outcome import Writer
from rewriters.plan import ExportPlan, Signature
from rewriters.refusal import Refusal
from rewriters.region import Region, Step, header_comments
from rewriters.syntax import code, comments, find_all, name_nodes, names_used, replace_nodes, statement, string_value


@dataclass(frozen=True)
class Assembly:
    """What a writer made: a class, and the method of each signature.

    `moved` are the steps that went into the class, `needed` the plain steps that must run before it is made. `why` is
    what kept the export from the form before.
    """

    cls: ServingClass
    methods: Sequence[tuple[Signature, Method]]
    moved: frozenset[int]
    needed: frozenset[int]
    writer: Writer
    review: str = ''
    why: Refusal | None = None


def assemble(view: ModuleView, region: Region, plan: ExportPlan, roles: Roles, made: Assembly) -> Change:
    """The change for one region.

    Raises:
        Refusal: the module would be used before what it needs is there.
    """
    cls, methods = made.cls, made.methods
    taken = view.names
    module, updater, directory = unique('module', taken), unique('updater', taken), unique('export_dir', taken)
    save_at = save_index(region, plan)
    made_at = _made_at(roles, region, save_at)
    _check_order(region, roles, made.needed, made_at)
    _check_directory(region, plan, roles)
    makes_folder = must_exist(view, region, plan, roles)
    node = cls.node()
    local = _closes_over_locals(view, region, node, cls.tf)
    output = _Output(_starts_block(view, region.root))
    for step in region.steps:
        for opening in region.opened_at(step.index):
            output.keep(header_comments(opening))
        if step.index == made_at:
            blank_lines = 2 if view.is_top_level(region.root) else 1
            if local:
                output.add(with_blank_line(node, blank_lines))
            instance = statement(f'{module} = {cls.name}()\n')
            output.add(with_blank_line(instance, blank_lines) if local else instance)
        if step.index == save_at:
            text = _directory_text(region, plan, directory)
            saves = save_statements(cls.tf, module, updater, text, [(s, m.name) for s, m in methods])
            output.keep_comments(step.node)
            output.add_all(saves, blank=made_at != save_at and _has_blank_line(region, plan))
        elif roles.of[step.index] is Role.PLAIN:
            output.add(step.node)
        elif roles.of[step.index] is Role.RUN:
            output.add(_converted_run(step, region, roles, methods, module, cls.tf))
        elif step.index == plan.directory_at and (makes_folder or _needs_name(region, plan)):
            output.keep_comments(step.node)
            if _needs_name(region, plan):
                output.add(statement(f'{directory} = {code(plan.directory)}\n'))
            if makes_folder:
                text = _directory_text(region, plan, directory)
                output.add(statement(f'{cls.tf}.io.gfile.makedirs({text})\n'))
        elif step.index not in made.moved and roles.of[step.index] is not Role.PLACEHOLDER:
            output.keep_comments(step.node)
    hoisted = () if local else (with_blank_line(node, 2),)
    review = ' '.join(filter(None, [made.review, review_note(view, region)]))
    return Change({region.root: tuple(output.statements)}, hoisted, made.writer, review, why=made.why)


def save_index(region: Region, plan: ExportPlan) -> int:
    """The index of the step that writes the model."""
    return max(step.index for step in region.steps if step.node in plan.statements)


class _Output:
    """Collects statements; comments of dropped ones go before the next.

    Where they start an indented block, no blank line stands before the first.
    """

    def __init__(self, starts_block: bool) -> None:
        self._pending: list[cst.EmptyLine] = []
        self._starts_block = starts_block
        self.statements: list[cst.BaseStatement] = []

    def add(self, node: cst.BaseStatement) -> None:
        if self._starts_block and not self.statements:
            node = without_blank_lines_before([node])[0]
        self.statements.append(with_leading(node, self._pending) if self._pending else node)
        self._pending = []

    def add_all(self, nodes: Sequence[cst.BaseStatement], blank: bool) -> None:
        if blank:
            self._pending = [BLANK, *self._pending]
        for node in nodes:
            self.add(node)

    def keep_comments(self, node: cst.BaseStatement) -> None:
        self.keep(comments(node))

    def keep(self, lines: Sequence[cst.EmptyLine]) -> None:
        self._pending = [*self._pending, *lines]


def _made_at(roles: Roles, region: Region, save_at: int) -> int:
    """The module is made before the first step that uses it."""
    runs = [step.index for step in roles.steps(region, Role.RUN)]
    return min([*runs, save_at])


def _check_order(region: Region, roles: Roles, needed: frozenset[int], made_at: int) -> None:
    late = [region.steps[index] for index in sorted(needed) if index > made_at]
    if late:
        raise Refusal('the session runs before everything that the graph is built from is known', late[0].node)
    for step in roles.steps(region, Role.RESTORE):
        if step.index > made_at:
            raise Refusal('the session runs before its checkpoint is restored', step.node)


def _check_directory(region: Region, plan: ExportPlan, roles: Roles) -> None:
    for name in name_nodes(plan.directory):
        source = region.reaching(name.value, plan.directory_at)
        is_opened = source is None and name.value in region.sessions | region.graphs
        if is_opened or (source is not None and roles.of[source.index] is not Role.PLAIN):
            raise Refusal(f'the export directory is made from `{name.value}`, which goes away', plan.directory)


def _closes_over_locals(view: ModuleView, region: Region, node: cst.ClassDef, tf: str) -> bool:
    """Whether the class must stand where it is used: it reads names that are not there before.

    At the module's top level everything is global, and the class stands where the graph was built.
    """
    function = view.enclosing_function(region.root)
    if function is None:
        return True
    parameters = {p.name.value for p in find_all(function.params, cst.Param) if isinstance(p, cst.Param)}
    local = parameters | names_used(function.body)[1] | region.binds()
    own = {p.name.value for p in find_all(node, cst.Param) if isinstance(p, cst.Param)}
    read = {name.value for name in name_nodes(node)} - _bound_in_methods(node) - own
    outer = next((o for o in view.ancestors(function) if isinstance(o, cst.FunctionDef)), None)
    if outer is not None or bool(read & local) or bool(_read_by_decorators(node) - {tf, 'None'}):
        return True
    return not _is_imported_before(view, function, tf)


def _is_imported_before(view: ModuleView, function: cst.FunctionDef, tf: str) -> bool:
    """Whether TensorFlow has its name where the function stands: a program may import it further down."""
    inside = {function, *view.ancestors(function)}
    before = itertools.takewhile(lambda node: node not in inside, view.module.body)
    return any(tf in names_used(node)[1] for node in before)


def _read_by_decorators(node: cst.ClassDef) -> frozenset[str]:
    """Names that Python reads as soon as the class stands: at the module's top level they may have no value yet."""
    decorators = [d for member in node.body.body if isinstance(member, cst.FunctionDef) for d in member.decorators]
    return frozenset(name.value for decorator in decorators for name in name_nodes(decorator))


def _bound_in_methods(node: cst.ClassDef) -> frozenset[str]:
    functions = [cst.ensure_type(found, cst.FunctionDef) for found in find_all(node, cst.FunctionDef)]
    return frozenset().union(*(names_used(function.body)[1] for function in functions))


def _starts_block(view: ModuleView, root: cst.CSTNode) -> bool:
    if isinstance(root, cst.IndentedBlock):
        return True
    parent = next(view.ancestors(root), None)
    return isinstance(parent, cst.IndentedBlock) and parent.body[0] is root


def _needs_name(region: Region, plan: ExportPlan) -> bool:
    """Whether the directory's expression must be evaluated where the builder was made, and kept under a name."""
    if string_value(plan.directory) is not None:
        return False
    save_at = save_index(region, plan)
    is_needed_again = any(s.kind.value != 'predict' for s in plan.signatures)
    if save_at == plan.directory_at and not is_needed_again:
        return False
    is_name = isinstance(plan.directory, cst.Name)
    same = is_name and region.reaching(code(plan.directory), save_at) is region.reaching(
        code(plan.directory), plan.directory_at
    )
    return not same


def _directory_text(region: Region, plan: ExportPlan, name: str) -> str:
    return name if _needs_name(region, plan) else code(plan.directory)


def _has_blank_line(region: Region, plan: ExportPlan) -> bool:
    """Whether the site's statements were set apart from what stands before them."""
    first = next(step.node for step in region.steps if step.node in plan.statements)
    lines: Sequence[cst.EmptyLine] = getattr(first, 'leading_lines', ())
    return any(line.comment is None for line in lines)


def _converted_run(
    step: Step,
    region: Region,
    roles: Roles,
    methods: Sequence[tuple[Signature, Method]],
    module: str,
    tf: str,
) -> cst.BaseStatement:
    if not isinstance(step.node, cst.SimpleStatementLine):
        raise Refusal('the session runs inside a loop or branch: its variables may change', step.node)
    calls = [c for c in find_all(step.node, cst.Call) if isinstance(c, cst.Call) and is_session_run(c, roles.sessions)]
    replacements: dict[cst.CSTNode, cst.CSTNode] = {
        call: module_call(call, step, region, methods, module, tf) for call in calls
    }
    node = replace_nodes(step.node, replacements)
    for name in name_nodes(node):
        source = region.reaching(name.value, step.index)
        if source is not None and roles.of[source.index] not in (Role.PLAIN, Role.RUN):
            raise Refusal(f'`{name.value}` is used by code that is no part of the export', step.node)
    return node
