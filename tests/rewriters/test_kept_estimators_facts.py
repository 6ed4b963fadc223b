"""The look at a file's bytes that decides whether it is parsed for its Estimators."""

from __future__ import annotations

import time

import pytest

from rewriters.kept_estimators.hints import may_take_part


@pytest.mark.parametrize(
    'source',
    [
        b'import tensorflow as tf\nmodel = tf.estimator.Estimator(model_fn)\n',
        b'import tensorflow as tf\nmodel = tf.  # why\n  # not\n  \\\n  estimator.Estimator(model_fn)\n',
        b'from tensorflow import (  # both\n    keras,\n    estimator,\n)\n',
        b'from model import est\nest.export_saved_model(folder, receiver)\n',
        b'import estimator_module\n',
        b'import os, estimator_training_module as training\n',
        b'from estimator_module import ModeKeys\n',
        b'from package import estimator_module\n',
    ],
)
def test_a_use_is_seen(source: bytes) -> None:
    assert may_take_part(source)


@pytest.mark.parametrize(
    'source',
    [
        b'# tf.estimator\n',
        b'estimator = 1\n',
        b'"""Fits an estimator."""\n',
        b'from sklearn import base\nself.estimator = base.clone(grid.estimator)\n',
        b'estimator_module = type(self.estimator).__module__\n',
        b'import tensorflow as tf\nprint("Contributions to the estimator: contribute!")\n',
        b'import tensorflow as tf\ndef export_saved_model(estimator): pass\n',
        b'import tensorflow as tf\n    # tf.estimator.Estimator(model_fn)\n',
    ],
)
def test_a_mere_word_is_none(source: bytes) -> None:
    assert not may_take_part(source)


@pytest.mark.parametrize('line', [b'#' * 500, b'# a' * 200, b' \\\n' * 300])
def test_long_comments_take_no_time(line: bytes) -> None:
    """Behind a full stop, each could be read in as many ways as it has signs."""
    start = time.monotonic()
    assert not may_take_part(b'"""An estimator.\n' + line + b'\n"""\n')
    assert time.monotonic() - start < 1
