"""Which forms an export site did not take, and why: what `scan --verbose` shows of each."""

from __future__ import annotations

from rewriters.module_view import ModuleView
from rewriters.outcome import PassedOver, Writer
from rewriters.refusal import Refusal, refusal_place


def passed_over(
    view: ModuleView, taken: Writer | None, why: Refusal | None, session: Refusal | None = None
) -> tuple[PassedOver, ...]:
    """The forms before `taken`, or all if that is None.

    `why` is what kept the export from becoming signature methods, `session` what kept it from keeping its session,
    where that is another reason.
    """
    if why is None:
        return ()
    reasons = {
        Writer.TF_FUNCTION: why.before or why,
        Writer.GRAPH_FUNCTION: why.wider or why,
        Writer.SESSION: session or why,
    }
    forms = list(reasons)
    before = forms if taken is None else forms[: forms.index(taken)]
    return tuple(PassedOver(f.value, reasons[f].reason, refusal_place(view, reasons[f])) for f in before)
