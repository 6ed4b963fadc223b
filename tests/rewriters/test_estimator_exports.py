"""Exports of Estimators that stay: what is said of them, and that nobody waits for libcst to hear it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rewriters import Options, rewrite
from rewriters.findings import Finding
from rewriters.options import EstimatorUse

MADE = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, predictions=features)


def receiver():
    x = tf.placeholder(tf.float32, [None])
    return tf.estimator.export.ServingInputReceiver({'x': x}, {'x': x})


est = tf.estimator.Estimator(model_fn, 'checkpoints')
"""
EXPORT = "est.export_saved_model('export', receiver)\n"
GIVEN = 'import tensorflow as tf\n\n\ndef save(est, receiver):\n    est.export_saved_model("export", receiver)\n'


def left(source: str, **options: object) -> list[Finding]:
    result = rewrite(source.encode(), Options(**options))  # type: ignore[arg-type]
    assert all(export.writer is None for export in result.exports)
    return [finding for finding in result.findings if finding.code in ('EST901', 'EST902')]


def test_a_form_that_is_not_allowed_is_the_reason() -> None:
    (finding,) = left(MADE + EXPORT, forms=('tf.function',))
    assert finding.code == 'EST901'
    assert finding.message == 'estimator export left alone: the settings do not allow the form `graph function`'
    assert '`forms`' in finding.advice


@pytest.mark.parametrize('forms', [('tf.function',), ('tf.function', 'graph function')])
def test_estimators_keep_no_sessions_where_that_is_not_allowed(forms: tuple[str, ...]) -> None:
    source = MADE + 'est.evaluate(receiver)\n' + EXPORT
    result = rewrite(source.encode(), Options(estimators=EstimatorUse(), forms=forms))
    assert b'estimator_module' not in result.source
    (finding,) = [finding for finding in result.findings if finding.code == 'EST901']
    assert finding.message.endswith('the settings do not allow the form `session`')
    kept = rewrite(source.encode(), Options(estimators=EstimatorUse(), forms=('session',)))
    assert b'estimator_module.Estimator(' in kept.source
    assert [export.writer for export in kept.exports] == ['session']


def test_a_switched_file_stays() -> None:
    (finding,) = left(MADE.replace('\n\n\ndef', '\ntf.compat.v1.disable_v2_behavior()\n\n\ndef', 1) + EXPORT)
    assert "switches TensorFlow 2's behaviour off" in finding.message


def test_what_is_given_to_a_function_is_told_by_its_name() -> None:
    (finding,) = left(GIVEN)
    assert finding.message.endswith("what `est` is can't be told from this file (line 5)")
    assert (finding.place.line, finding.place.column, finding.place.end_column) == (5, 5, 47)


def test_the_place_is_the_one_before_names_were_edited() -> None:
    (finding,) = left(GIVEN.replace('    est', '    tf.logging.info("x"); est'))
    assert (finding.place.line, finding.place.column, finding.place.end_column) == (5, 27, 69)
    assert finding.message.endswith('(line 5)')


@pytest.mark.parametrize(
    'source',
    [
        'import tensorflow as tf\nimport helpers\nhelpers.export_saved_model("export", tf.x)\n',
        'import tensorflow as tf\n\n\nclass A:\n    def export_saved_model(self): pass\n'
        '    def f(self): self.export_saved_model()\n',
        'import tensorflow as tf\nfrom . import jobs\njobs.export_saved_model("export", 1)\n',
    ],
)
def test_other_things_of_that_name_are_no_exports(source: str) -> None:
    assert not rewrite(source.encode()).exports


def test_libcst_is_not_needed_to_say_so() -> None:
    code = (
        f'import sys, rewriters\nassert rewriters.scan({GIVEN.encode()!r}).exports\nsys.exit("libcst" in sys.modules)'
    )
    assert subprocess.run([sys.executable, '-c', code], check=False).returncode == 0
