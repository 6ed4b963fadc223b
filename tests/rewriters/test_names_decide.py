"""The short way to say that a name stays says what the decision about each of its uses does."""

from __future__ import annotations

import ast

from rewriters import symbol_table
from rewriters.names.decide import Action, decide, stays
from rewriters.names.uses import COMPAT_V1, TENSORFLOW, Use


def use_of(head: str, name: str, call: ast.Call | None, checks_type: bool) -> Use:
    node = ast.parse(f'tf.{name}', mode='eval').body
    assert isinstance(node, ast.Attribute)
    return Use(node, ('tf', *name.split('.')), head, f'{head}.{name}', call, checks_type, None)


def test_what_stays_is_kept_however_it_is_used() -> None:
    calls = [ast.parse(text, mode='eval').body for text in ('f()', 'f(a, axis=1, dim=2, name=b)')]
    staying = 0
    for name in symbol_table.names():
        for head in (TENSORFLOW, COMPAT_V1):
            for below in ('', '.something'):
                if not stays(f'{head}.{name}{below}'):
                    continue
                staying += 1
                for call in (None, *calls):
                    assert call is None or isinstance(call, ast.Call)
                    use = use_of(head, f'{name}{below}', call, call is None)
                    for version in ((2, 12), (2, 15), (2, 21)):
                        decision = decide(use, True, True, version)
                        assert decision.action is Action.KEEP, (name, head, decision)
                        assert decision.symbol is None or decision.symbol.kind not in ('keras', 'keras2')
    assert staying > 4000


def test_what_is_gone_or_moved_does_not_stay() -> None:
    for name in ('Session', 'contrib.layers.fully_connected', 'log', 'keras.Model', 'python.framework.ops', 'layers'):
        assert not stays(f'{TENSORFLOW}.{name}')
    for name in ('estimator.Estimator', 'layers.dense', 'contrib.lookup', 'keras.layers.Dense'):
        assert not stays(f'{COMPAT_V1}.{name}')
