"""Which calls of a module export Estimators, and what is said of those that stay: told by the syntax tree alone.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/estimator/Estimator
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rewriters.canned_estimators import CANNED, kind_of, way_out
from rewriters.findings import Confidence, Finding, Place
from rewriters.kept_estimators.names import FROM_KERAS, makes_canned, makes_kept
from rewriters.kept_estimators.obstacle import ADVICE
from rewriters.names.places import Locator
from rewriters.options import EstimatorUse
from rewriters.origins import Origins
from rewriters.outcome import ALLOW, ExportSummary, PassedOver, Writer, not_allowed
from rewriters.site_codes import ESTIMATOR_LEFT_ALONE
from rewriters.site_hints import EXPORTERS, METHODS, STRATEGIES, may_hold_session_site
from rewriters.site_result import SiteResult
from rewriters.symbols import Symbols, canonical, dotted_name

NAME = 'estimator'
ESTIMATOR = 'estimator.Estimator'
SWITCHED = "the file switches TensorFlow 2's behaviour off"
_SWITCHES = ('disable_v2_behavior', 'disable_eager_execution')
_OWN_SESSIONS = 'an Estimator opens and closes its sessions itself'
# What exports the Estimators of tf.contrib.learn.Experiment, into a folder of this name.
_NAME_OF_STRATEGIES = 'Servo'
# What an Estimator is made by, other than from a model_fn of the file, by the beginning of its symbol.
_MADE_BY = {
    'contrib.tpu.': 'it is a TPUEstimator',
    'estimator.tpu.': 'it is a TPUEstimator',
    FROM_KERAS: 'it is made from a Keras model',
}


class Why(NamedTuple):
    """Why an export stays. `place` is what stood in the way, in the file as it was given."""

    reason: str
    place: Place | None = None
    advice: str = ''
    is_canned: bool = False
    """Whether the model_fn is inside of TensorFlow."""
    before: tuple[PassedOver, ...] = ()
    """The forms that were tried, where each has a reason of its own."""


_Results = list[tuple[ExportSummary, Finding]]
_SHARED = Why('other files of the project import this one, and may use its model_fn')


class EstimatorExports:
    """The calls of one module that export Estimators. `origins` tell where a place stood before names were edited."""

    def __init__(self, text: str, symbols: Symbols, origins: Origins | None = None) -> None:
        self._symbols = symbols
        self._origins = origins
        self._locator = Locator(text)
        self._called = {call: canonical(qualified) for call, qualified in symbols.calls}

    @property
    def are_switched(self) -> bool:
        """Whether the file itself switches TensorFlow 2's behaviour off."""
        return any(symbol in _SWITCHES for symbol in self._called.values())

    @functools.cached_property
    def calls(self) -> list[ast.Call]:
        """The calls of `.export_saved_model(…)` and the like on what may be an Estimator, and makers of exporters."""
        return [call for call in self._symbols.walk.calls if self._is_exporter(call) or self._is_export(call)]

    @functools.cached_property
    def creations(self) -> list[ast.Call]:
        """The calls that make an Estimator from a model_fn."""
        return [call for call, symbol in self._called.items() if symbol == ESTIMATOR]

    def bound_to(self, creation: ast.Call) -> str:
        """`est` of `est = Estimator(…)`; empty where it is bound to no name."""
        return next((name for name, value in self._assigned if value is creation), '')

    def left_alone(
        self, call: ast.Call, refusals: Mapping[str, Why], canned: str = ''
    ) -> tuple[ExportSummary, Finding]:
        """What is said of an export that stays.

        `refusals` say why the Estimators made in the module do, by the names that they are bound to. `canned` is what
        makes the Estimators that other files hand to this one, if none of these is made from a model_fn.
        """
        why = refusals.get(owner(call)) or self._why_unknown(call, refusals, canned)
        line = f' (line {why.place.line})' if why.place is not None else ''
        place = self._locator.place(call)
        forms = [Writer.TF_FUNCTION, Writer.GRAPH_FUNCTION]
        before = why.before or tuple(PassedOver(form.value, why.reason, why.place) for form in forms)
        over = (*before, PassedOver(Writer.SESSION.value, _OWN_SESSIONS, self._origin(call)))
        summary = ExportSummary(NAME, place, directory='', signatures=(), writer=None, passed_over=over)
        code = CANNED if why.is_canned else ESTIMATOR_LEFT_ALONE
        message = f'estimator export left alone: {why.reason}{line}'
        return summary, Finding(code, Confidence.MANUAL, place, message, why.advice or ADVICE)

    def all_left_alone(self, why: Why | None, canned: str = '') -> _Results:
        """As `left_alone`, for every export. `why`, if given, is why each Estimator made in the module stays."""
        refusals = {self.bound_to(creation): why for creation in self.creations} if why is not None else {}
        return [self.left_alone(call, refusals, canned) for call in self.calls]

    # -- which calls export --------------------------------------------------------------------------------------

    def _is_exporter(self, call: ast.Call) -> bool:
        return self._called.get(call) in EXPORTERS

    def _is_export(self, call: ast.Call) -> bool:
        return isinstance(call.func, ast.Attribute) and call.func.attr in METHODS and self._may_be_estimator(call)

    def _may_be_estimator(self, call: ast.Call) -> bool:
        """Not where the file has such a method itself; of what it imports, only objects that are given a receiver."""
        assert isinstance(call.func, ast.Attribute)
        if owner(call) == 'self':
            return call.func.attr not in self._functions
        dotted = dotted_name(call.func)
        imported = self._symbols.qualified(dotted, call.lineno, call.col_offset) if dotted else None
        if imported is None and owner(call).partition('.')[0] in self._relative_imports:
            imported = f'.{dotted}'
        if imported is None:
            return True
        # `import helpers`, then `helpers.export_saved_model(…)`, is a function of a module.
        is_object = imported.count('.') > 1 and not imported.startswith('tensorflow.')
        given = (*call.args, *(keyword.value for keyword in call.keywords))
        names = ' '.join(keyword.arg or '' for keyword in call.keywords)
        words = ' '.join([names, *map(self._one_line, given)])
        return is_object and re.search('receiver|input_fn', words) is not None

    @functools.cached_property
    def _functions(self) -> set[str]:
        nodes = (node for statement in self._symbols.walk.body for node in ast.walk(statement))
        return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}

    @functools.cached_property
    def _relative_imports(self) -> set[str]:
        """What `from . import …` binds: modules or objects of the project."""
        nodes = (node for node in self._symbols.walk.imports if isinstance(node, ast.ImportFrom) and node.level)
        return {alias.asname or alias.name for node in nodes for alias in node.names}

    # -- why one stays -------------------------------------------------------------------------------------------

    def _why_unknown(self, call: ast.Call, refusals: Mapping[str, Why], canned: str) -> Why:
        """Why an export call's Estimator is not among those that are made from a model_fn and bound to a name."""
        is_exporter = self._is_exporter(call)
        name = '' if is_exporter else owner(call)
        made = self._makers(None if is_exporter else name)
        if is_exporter and refusals:
            made = []  # it may be for one of those that have a model_fn
        for symbol in made or ([canned] if canned and not refusals else []):
            reason = next((reason for start, reason in _MADE_BY.items() if symbol.startswith(start)), kind_of(symbol))
            advice = way_out(symbol, *self._exported_folder(call)) if makes_canned(symbol) else ''
            return Why(f'{reason} (`tf.{symbol}`)', advice=advice, is_canned=makes_canned(symbol))
        if len(refusals) == 1:
            return next(iter(refusals.values()))
        star = self._star_import()
        if star is not None and not self._symbols.imports:
            brought = f'TensorFlow comes into this file by `{ast.unparse(star)}`, if at all: import it by its name'
            return Why(brought, self._origin(call))
        if is_exporter:
            return Why("which Estimator is exported by it can't be told from this file", self._origin(call))
        exported = f'`{name}` is' if name else 'is exported'
        return Why(f"what {exported} can't be told from this file", self._origin(call))

    def _star_import(self) -> ast.ImportFrom | None:
        """`from model import *`, where `model` is not TensorFlow."""
        imports = (node for node in self._symbols.walk.imports if isinstance(node, ast.ImportFrom))
        return next((node for node in imports if node.names[0].name == '*'), None)

    def _makers(self, name: str | None) -> list[str]:
        """What makes the Estimators bound to a name, or any of the file; not what is made from a model_fn."""
        if name is None:
            symbols = {*self._called.values()}
        else:
            symbols = {self._called[made] for bound, made in self._assigned if bound == name and made in self._called}
        return sorted(s for s in symbols if makes_canned(s) or (makes_kept(s) and s != ESTIMATOR))

    @functools.cached_property
    def _assigned(self) -> list[tuple[str, ast.Call]]:
        """Each name that a plain assignment binds to what a call returns, with the call."""
        return [
            (target.id, node.value)
            for node in self._symbols.walk.assigns
            if len(node.targets) == 1 and isinstance(node.value, ast.Call)
            for target in node.targets
            if isinstance(target, ast.Name)
        ]

    def _exported_folder(self, call: ast.Call) -> tuple[str, str]:
        """The folder that the old export writes, and what its words stand for that are not spelled out."""
        is_exporter = self._is_exporter(call)
        given = _argument(call, 'name' if is_exporter else 'export_dir_base')
        if given is None and call.args:
            given = call.args[0]
        text = given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else None
        if self._called.get(call) in STRATEGIES:
            text = _NAME_OF_STRATEGIES
        word = 'NAME' if is_exporter else 'EXPORT_DIR'
        meant = {} if text is not None or given is None else {word: given}
        makers = [made for made, symbol in self._called.items() if is_exporter and makes_canned(symbol)]
        model_dirs = [folder for made in makers for folder in [_argument(made, 'model_dir')] if folder is not None]
        if len(model_dirs) == 1:
            meant['MODEL_DIR'] = model_dirs[0]
        where = ' and '.join(f'{word} is `{self._one_line(node)}`' for word, node in meant.items())
        spelled = (text or word).rstrip('/')
        return f'MODEL_DIR/export/{spelled}/TIMESTAMP' if is_exporter else f'{spelled}/TIMESTAMP', where

    def _one_line(self, node: ast.expr) -> str:
        start, end = self._locator.span(node)
        return ' '.join(self._locator.source[start:end].split())

    def _origin(self, call: ast.Call) -> Place:
        place = self._locator.place(call)
        return self._origins.place(place) if self._origins is not None else place


def why_all_stay(exports: EstimatorExports, use: EstimatorUse | None, forms: Sequence[str]) -> Why | None:
    """What keeps every Estimator of a module from being rewritten; None if nothing does."""
    if exports.are_switched:
        return Why(SWITCHED)
    if Writer.GRAPH_FUNCTION.value not in forms:
        return Why(not_allowed(Writer.GRAPH_FUNCTION), advice=ALLOW)
    return _SHARED if use is not None and use.is_imported else None


def leave_estimators(
    text: str, symbols: Symbols, origins: Origins, use: EstimatorUse | None, forms: Sequence[str]
) -> SiteResult | None:
    """What becomes of a module whose only sites are exports of Estimators, of which none can be rewritten.

    None where a reader or a writer is to be asked.
    """
    if may_hold_session_site(symbols):
        return None
    exports = EstimatorExports(text, symbols, origins)
    why = why_all_stay(exports, use, forms)
    if why is None and exports.creations and exports.calls:
        return None
    results = exports.all_left_alone(why, use.canned if use is not None else '')
    results.sort(key=lambda result: result[1].sort_key)
    return SiteResult(text, tuple(finding for _, finding in results), tuple(summary for summary, _ in results))


def owner(call: ast.Call) -> str:
    """`est` of `est.export_saved_model(…)`."""
    return (dotted_name(call.func) or '').rpartition('.')[0]


def _argument(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
