"""Writes predictors as functions that call a signature of a loaded model, and drops the imports that they needed."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from rewriters.loads.edits import Edits
from rewriters.loads.helpers import Helpers
from rewriters.loads.predictors import Predictor, imports_to_drop
from rewriters.module_view import ModuleView
from rewriters.syntax import code, expression

# The parameters of the new function, in order.
_POSITIONS = ('export_dir', 'signature_def_key', 'tags')


def write(
    view: ModuleView, predictor: Predictor, helpers: Helpers
) -> dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]:
    """What replaces the statement that makes a predictor.

    Raises:
        Refusal: it stands where it can't be replaced.
    """
    edits = Edits(view)
    positional = sum(argument.keyword is None for argument in predictor.call.args)
    given = ', '.join(
        code(value) if index < positional and name == _POSITIONS[index] else f'{name}={code(value)}'
        for index, (name, value) in enumerate(predictor.arguments)
    )
    name = helpers.need('load_predictor')
    edits.replace(predictor.call, lambda updated: expression(f'{name}({given})'))
    return edits.finish()


def drop_imports(
    view: ModuleView, predictors: Sequence[Predictor], helpers: Helpers
) -> dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]:
    """What replaces the imports that only these predictors needed: nothing, or an import that the helpers need."""
    edits = Edits(view)
    for line, node, dropped in imports_to_drop(view, [predictor.call for predictor in predictors]):
        names = [] if isinstance(node.names, cst.ImportStar) else [a for a in node.names if a not in dropped]
        if names:
            names[-1] = names[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
            kept = node.with_changes(names=names)
            edits.replace(node, lambda updated, kept=kept: kept)  # type: ignore[misc]
            continue
        instead = helpers.import_instead_of(line)
        if instead is not None:
            edits.replace(node, lambda updated, instead=instead: instead)  # type: ignore[misc]
        else:
            edits.drop(line)
    return edits.finish()
