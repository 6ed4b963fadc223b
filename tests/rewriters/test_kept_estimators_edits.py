"""How a file looks once the support module stands in it."""

from __future__ import annotations

from rewriters import Options, rewrite
from rewriters.options import EstimatorUse

TWO_NAMES = """\
import tensorflow as tf
from tensorflow import estimator as tf_estimator
from tensorflow.compat.v1 import estimator as old_estimator
import os


def check(model_fn):
    from tensorflow.compat.v1 import estimator
    made = tf_estimator.Estimator(model_fn, os.curdir)
    return isinstance(made, (old_estimator.Estimator, estimator.Estimator))
"""


def kept(source: str) -> str:
    return rewrite(source.encode(), Options(estimators=EstimatorUse())).source.decode()


def test_one_import_takes_the_place_of_two() -> None:
    lines = kept(TWO_NAMES).splitlines()
    assert lines[:4] == ['import tensorflow as tf', 'import estimator_module', 'import os', '']
    assert '    import estimator_module' in lines
    assert kept(TWO_NAMES.replace('\n', '\r\n')) == kept(TWO_NAMES).replace('\n', '\r\n')


def test_a_line_with_more_on_it_stays() -> None:
    noted = kept(TWO_NAMES.replace('as old_estimator', 'as old_estimator  # before 2.0'))
    assert noted.count('\nimport estimator_module') == 2
    assert 'import estimator_module  # before 2.0' in noted
