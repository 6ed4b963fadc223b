"""Collects this room's findings: each method words one kind of them."""

from __future__ import annotations

from collections.abc import Sequence

from rewriters import symbol_table, symbol_table_source
from rewriters.findings import Confidence, Finding, Place
from rewriters.names import codes
from rewriters.names.advice import advice_for
from rewriters.names.decide import Decision
from rewriters.names.elsewhere import HandedOn
from rewriters.names.keras_switch import VARIABLE
from rewriters.names.uses import COMPAT_V1, TENSORFLOW
from rewriters.symbol_table import Symbol

_KERAS_ADVICE = f'Install tf_keras and set {VARIABLE}=1 before TensorFlow is imported.'
_PUBLIC_KERAS_ADVICE = f'That is Keras 3, which lacks some of them. For Keras 2: {_KERAS_ADVICE}'
_SWITCHED_ADVICE = (
    f'Install tf_keras in the version of TensorFlow. {VARIABLE} counts where TensorFlow is first imported: if another '
    'module of the program does that before this one, set it there or in the environment.'
)
_TF_KERAS_ADVICE = (
    'Install tf_keras in the version of TensorFlow, and import that: `import tf_keras as keras`. Where the file uses '
    f'tf.keras as well, set {VARIABLE}=1 before TensorFlow is imported.'
)
_SESSION_ADVICE = f' Take the functions of sessions from tf.compat.v1.keras.backend then, which needs {VARIABLE}=1.'


class Report:
    """The findings of one module. `has_keras_2` says that Keras 2 is there, or that the module sees to that itself."""

    def __init__(self, has_keras_2: bool) -> None:
        self.findings: list[Finding] = []
        self.needs_keras_2: list[tuple[Place, Symbol]] = []
        """The uses of what works with Keras 2 only; told together, by `keras_2`."""
        self._has_keras_2 = has_keras_2
        self._says_keras_3 = not has_keras_2

    def gone(
        self, place: Place, symbol: Symbol | None, qualified: str, bound: str = '', uses: int | None = None
    ) -> None:
        """`uses` is how often the file uses it by the name `bound` that an import gave it."""
        name = _name(qualified.removeprefix(COMPAT_V1 + '.'))
        if symbol is not None and not symbol.is_module:
            name = symbol.name
        last = f' (TensorFlow {symbol.last_seen} was the last to have it)' if symbol and symbol.last_seen else ''
        told = f', and so {"are" if uses > 1 else "is"} {_times(uses)} of `{bound}` in this file' if uses else ''
        advice = advice_for(name) if uses != 0 else 'Nothing in this file uses it by that name: delete the import.'
        self._manual(codes.GONE, place, f'`tf.{name}` is gone from TensorFlow 2{last}{told}', advice)

    def not_edited(self, place: Place, decision: Decision, qualified: str) -> None:
        message = f'`tf.{_name(qualified)}` is `tf.{decision.target}` in TensorFlow 2, but cannot be renamed here'
        self._manual(codes.NOT_EDITED, place, message, f'Write `tf.{decision.target}`.')

    def star_import(self, place: Place, module: str, name: str | None) -> None:
        which = f', such as `{name}`' if name else ''
        message = f'`from {module} import *` hides which names come from TensorFlow{which}'
        self._manual(codes.NOT_EDITED, place, message, 'Import the names that you use, then run again.')

    def handed_on(self, place: Place, handed_on: HandedOn) -> None:
        """At the first use."""
        _, qualified = handed_on.uses[0]
        spelled = handed_on.name + qualified.removeprefix(COMPAT_V1).removeprefix(TENSORFLOW)
        others = len(handed_on.uses) - 1
        missing = f'`{spelled}` is not in TensorFlow 2' + (f' (and {others} more)' if others else '')
        message = f'`{handed_on.name}` comes from {handed_on.source}'
        if qualified.startswith(COMPAT_V1):
            message += f'; if it is not `tf.compat.v1` there, {missing}'
            advice = f'Make sure that `tf.compat.v1` is what it hands on under the name `{handed_on.name}`.'
            self.findings.append(Finding(codes.HANDED_ON, Confidence.REVIEW, place, message, advice))
        else:
            message += f'; if it is TensorFlow, {missing}'
            self._manual(codes.HANDED_ON, place, message, 'Import TensorFlow in this file, then run again.')

    def inner_package(self, place: Place, module: str) -> None:
        package = module.partition('.')[0]
        advice = 'Import from `tensorflow` instead, then run again.'
        if package == 'tensorflow_estimator':
            advice = advice_for('estimator')
        self._manual(codes.SOURCE_GONE, place, f'TensorFlow 2 comes without `{package}`', advice)

    def in_string(self, place: Place, qualified: str) -> None:
        name = _name(qualified)
        symbol = symbol_table.find_longest(name)
        advice = advice_for(name) if symbol is None or symbol.kind == 'gone' else f'There it is `tf.{symbol.target}`.'
        message = f'the string names `{qualified}`, which is not in TensorFlow 2'
        self._manual(codes.NOT_EDITED, place, message, advice)

    def by_value(self, place: Place, name: str, others: int) -> None:
        more = f' (and in {others} more places)' if others > 1 else ' (and in another place)' if others else ''
        message = f'TensorFlow itself is handed on here: what is used of it behind another name is not looked at{more}'
        advice = f'Use `{name}` itself where TensorFlow is used, then run again; or look there yourself.'
        self.findings.append(Finding(codes.BY_VALUE, Confidence.REVIEW, place, message, advice))

    def computed(self, place: Place, spelled: str) -> None:
        message = f'which symbol `{spelled}` means is only known when it runs, and TensorFlow 2 may not have it'
        advice = 'Look it up in `tf.compat.v1`, if all that it may be is there.'
        self._manual(codes.COMPUTED, place, message, advice)

    def unclear(self, place: Place, name: str, qualified: str) -> None:
        message = f'`{name}` is bound more than once in this file, so `{qualified}` and others are not renamed'
        self._manual(codes.NOT_EDITED, place, message, 'Import TensorFlow under a name that nothing else has.')

    def ambiguous(self, place: Place, decision: Decision, spelled: str) -> None:
        message = f'`{spelled}` takes these arguments in another order in TensorFlow 1 than in TensorFlow 2'
        advice = f'Pass them by keyword, or write `tf.{decision.target}` where TensorFlow 1 is meant.'
        self._manual(codes.AMBIGUOUS, place, message, advice)

    def source_attribute(self, place: Place, spelled: str) -> None:
        message = f'`{spelled}`: TensorFlow 2 shows none of its own source as an attribute'
        advice = 'Use a public symbol; or `import … as …` gives the module a name, if it is still there.'
        self._manual(codes.SOURCE_GONE, place, message, advice)

    def gone_from_source(self, place: Place, qualified: str) -> None:
        name = _name(qualified)
        symbols = map(symbol_table.find, symbol_table_source.public_names(name))
        public = next((symbol for symbol in symbols if symbol is not None and symbol.kind != 'gone'), None)
        advice = advice_for(name) or 'Use a public symbol instead.'
        if public is not None and public.name.startswith('keras.'):
            advice = f'Its public name is `tf.{public.name}`. {_PUBLIC_KERAS_ADVICE}'
        elif public is not None:
            advice = f'Its public name is `tf.{public.target}`.'
        self._manual(codes.SOURCE_GONE, place, f'`{qualified}` is not in TensorFlow 2', advice)

    def uses_keras_2(self, place: Place, symbol: Symbol) -> None:
        """Notes it for `keras_2`, unless Keras 2 is taken care of."""
        if not self._has_keras_2:
            self.needs_keras_2.append((place, symbol))

    def keras_2(self, is_switched: bool) -> None:
        """One finding for all of them, at the first."""
        place, symbol = min(self.needs_keras_2, key=lambda use: use[0])
        others = len(self.needs_keras_2) - 1
        more = f' (as do {others} more uses in this file)' if others > 1 else ' (as does another use)' if others else ''
        message = f'`tf.{symbol.target}` needs Keras 2 in TensorFlow 2.16 and later{more}'
        if is_switched:
            message += ': the file gets a line that asks for it'
        advice = _SWITCHED_ADVICE if is_switched else _KERAS_ADVICE
        self.findings.append(Finding(codes.NEEDS_KERAS_2, Confidence.REVIEW, place, message, advice))

    def keras_3(self, place: Place) -> None:
        """Only the first use is reported: the others say nothing new."""
        if self._says_keras_3:
            self._says_keras_3 = False
            message = '`tf.keras` is Keras 3 in TensorFlow 2.16 and later; this code was written for Keras 2'
            self.findings.append(Finding(codes.KERAS_3, Confidence.REVIEW, place, message, _KERAS_ADVICE))

    def standalone_keras(self, place: Place) -> None:
        """Where nothing is used that is known to be gone."""
        message = '`keras` is Keras 3 beside TensorFlow 2.16 and later; this code was written for Keras 2'
        self.findings.append(Finding(codes.STANDALONE_KERAS, Confidence.REVIEW, place, message, _TF_KERAS_ADVICE))

    def gone_from_keras(self, place: Place, names: Sequence[str]) -> None:
        """At the first use."""
        more = f' (and {len(names) - 1} more)' if len(names) > 1 else ''
        message = f'`keras` is Keras 3 beside TensorFlow 2.16 and later, and `{names[0]}` is not in it{more}'
        advice = _TF_KERAS_ADVICE + (_SESSION_ADVICE if any(name.endswith('_session') for name in names) else '')
        self._manual(codes.STANDALONE_KERAS, place, message, advice)

    def _manual(self, code: str, place: Place, message: str, advice: str) -> None:
        self.findings.append(Finding(code, Confidence.MANUAL, place, message, advice))


def _times(uses: int) -> str:
    return f'{uses} uses' if uses > 1 else 'the use'


def _name(qualified: str) -> str:
    return qualified.removeprefix(TENSORFLOW + '.')
