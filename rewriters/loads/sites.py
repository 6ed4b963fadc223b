"""Rewrites what loads SavedModels in one module, and reports every load that it can't rewrite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst

from rewriters.findings import Confidence, Finding
from rewriters.loads import codes, predictor_writer, predictors, session_loads, session_writer, tf1_calls
from rewriters.loads.helpers import Helpers, place
from rewriters.module_view import ModuleView
from rewriters.modules.change import Change
from rewriters.modules.serving import with_leading
from rewriters.modules.surroundings import no_tensorflow
from rewriters.outcome import Writer
from rewriters.refusal import Refusal, refusal_line
from rewriters.syntax import find_all, one_line

_ADVICE = (
    'Inside of `with tf.Graph().as_default():` it goes on working on models that TensorFlow 1 exported. To leave '
    'sessions behind, call tf.saved_model.load(directory).signatures[key] with tensors by input name.'
)
_PREDICTOR_ADVICE = 'Call tf.saved_model.load(directory).signatures[key] with tensors by input name.'
_IMPORT_ADVICE = 'Add `import tensorflow as {}` at the top of the file and run again.'
_REVIEW = (
    'Run it once on each model: tf.saved_model.load refuses some that a session takes, a call needs every input, and '
    'computes every output of the signature. `savedmodel-migrate explain {code}` says more.'
)
_CONFIG = ' The settings of the session (`config`) are gone with it.'
_PRINTED = ' Where names of tensors were printed, the names of inputs and outputs are now.'
_ELSEWHERE = ' Code in other files must not use the {what}.'

Replacements = dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]


def rewrite_loads(view: ModuleView, changes: list[Change], refusal: Refusal | None = None) -> list[Finding]:
    """Adds one change for all loads that can be rewritten; every load gets a finding.

    `refusal`, if given, keeps all of them from being rewritten.
    """
    sites = _Sites(view, changes, refusal)
    findings = [sites.session(call) for call in tf1_calls.find_loads(view)]
    findings += [sites.predictor(call) for call in predictors.find(view)]
    sites.finish()
    return findings


class _Sites:
    """The loads of one module: what replaces them comes together in one change."""

    def __init__(self, view: ModuleView, changes: list[Change], refusal: Refusal | None) -> None:
        self._view = view
        self._refusal = refusal
        self._changes = changes
        self._helpers = Helpers(view, view.tensorflow_name() or '')
        self._replacements: Replacements = {}
        self._predictors: list[predictors.Predictor] = []

    def session(self, call: cst.Call) -> Finding:
        """Rewrites a load into a session, or says why not."""
        try:
            self._check_module(call)
            plan = session_loads.read(self._view, call)
            self._take(session_writer.write(self._view, plan, self._helpers))
        except Refusal as refusal:
            return self._refused(call, refusal, codes.LEFT_ALONE, 'SavedModel load', _ADVICE)
        runs = 'the run becomes a call' if len(plan.runs) == 1 else f'the {len(plan.runs)} runs become calls'
        message = f'SavedModel load becomes one without a session: {runs} of a signature'
        advice = _REVIEW.format(code=codes.LOADED) + _CONFIG * plan.has_config + _PRINTED * bool(plan.flow.printed)
        attributes = sorted(v.name for v in plan.flow.variables if v.is_attribute)
        if attributes:
            advice += _ELSEWHERE.format(what='attributes ' + ', '.join(f'`{name}`' for name in attributes))
        return Finding(codes.LOADED, Confidence.REVIEW, self._view.place(call), message, advice)

    def predictor(self, call: cst.Call) -> Finding:
        """Rewrites a predictor, or says why not."""
        try:
            self._check_module(call, may_import=True)
            plan = predictors.read(self._view, call)
            self._take(predictor_writer.write(self._view, plan, self._helpers))
        except Refusal as refusal:
            return self._refused(call, refusal, codes.PREDICTOR_LEFT_ALONE, 'predictor', _PREDICTOR_ADVICE)
        self._predictors.append(plan)
        advice = _REVIEW.format(code=codes.PREDICTOR) + _CONFIG * plan.has_config
        advice += _ELSEWHERE.format(what="predictor's session, graph or tensors")
        message = 'predictor becomes a function that calls a signature'
        return Finding(codes.PREDICTOR, Confidence.REVIEW, self._view.place(call), message, advice)

    def finish(self) -> None:
        """Makes the change of what was rewritten."""
        if not self._replacements:
            return
        first = min(self._replacements, key=self._view.line)
        dropped = predictor_writer.drop_imports(self._view, self._predictors, self._helpers)
        for node, new in dropped.items():
            known = self._replacements.get(node)
            self._replacements[node] = new if known is None else _with_handed_on(known, node, new)
        functions = self._helpers.put(self._replacements)
        hoisted = place(self._view, self._replacements, functions, first)
        ordered = {first: self._replacements[first], **self._replacements}
        # A load takes none of the forms of an export; nothing asks for its writer.
        self._changes.append(Change(ordered, hoisted, Writer.TF_FUNCTION))

    def _take(self, new: Replacements) -> None:
        """Accepts replacements, if nothing else replaces the same code.

        Raises:
            Refusal: something does.
        """
        for known in [self._replacements, *(change.replacements for change in self._changes)]:
            _check_free(self._view, new, known)
        self._replacements.update(new)

    def _check_module(self, call: cst.Call, may_import: bool = False) -> None:
        if self._refusal is not None:
            raise self._refusal
        if may_import and self._helpers.add_import():
            return
        tf = self._helpers.tf
        meant = self._view.symbols.resolve_in(tf, self._view.scope(call)) if tf else None
        if meant != 'tensorflow' or self._helpers.tensorflow_import() is None:
            free = 'tf2' if 'tf' in self._view.names else 'tf'  # `import tensorflow.compat.v1 as tf` keeps its name
            raise no_tensorflow(self._view, '' if tf else _IMPORT_ADVICE.format(free))

    def _refused(self, call: cst.Call, refusal: Refusal, code: str, what: str, advice: str) -> Finding:
        message = f'{what} left alone: {refusal.reason}{refusal_line(self._view, refusal)}'
        return Finding(code, Confidence.MANUAL, self._view.place(call), message, refusal.advice or advice)


def _with_handed_on(
    known: tuple[cst.BaseStatement, ...], node: cst.CSTNode, new: tuple[cst.BaseStatement, ...]
) -> tuple[cst.BaseStatement, ...]:
    """What replaces a statement, with the comments above it that `new` has of an import that goes."""
    lines: Sequence[cst.EmptyLine] = getattr(new[0], 'leading_lines', ()) if new else ()
    handed_on = lines[: len(lines) - len(getattr(node, 'leading_lines', ()))]
    return (with_leading(known[0], handed_on), *known[1:]) if known else known


def _check_free(view: ModuleView, new: Replacements, known: Mapping[cst.CSTNode, Sequence[cst.BaseStatement]]) -> None:
    """Refuses where two replacements meet, and the one would not come through the other unchanged."""
    for a, b, results in [(a, b, known[b]) for a in new for b in known] + [(b, a, new[a]) for a in new for b in known]:
        if a is b:
            raise Refusal(f'`{one_line(a)[:60]}` is rewritten for something else already', a)
        if b in view.ancestors(a) and not any(a in find_all(result, type(a)) for result in results):
            raise Refusal('the code around it is rewritten for something else already', a)
