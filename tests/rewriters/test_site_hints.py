"""What readers find, and when they are asked at all."""

from __future__ import annotations

import pytest

from rewriters import rewrite, site_hints, symbol_table
from rewriters.symbols import canonical, read_symbols


@pytest.mark.parametrize(
    'code',
    [
        'import tensorflow as tf\ntf.saved_model.builder.SavedModelBuilder(d)\n',
        'import tensorflow.compat.v1 as tf\ntf.saved_model.Builder(d)\n',
        'from tensorflow.saved_model import Builder as B\nB(d)\n',
        'from tensorflow.python.saved_model.builder import SavedModelBuilder\nSavedModelBuilder(d)\n',
        'from tensorflow.python.saved_model import builder as b\nb.SavedModelBuilder(d)\n',
        'import tensorflow as tf\nsave = tf.saved_model.simple_save\nsave(s, d, i, o)\n',
        'import tensorflow as tf\nmake().export_savedmodel(d, f)\n',
        'import tensorflow as tf\nclass A:\n  def f(self):\n    self.e.export_saved_model(d, f)\n',
        'import tensorflow as tf\nfrom of import made\nmade.export_saved_model(d,\n  # input_fn\n  serving_receiver)\n',
        'import tensorflow as tf\nfrom . import made\nmade.export_saved_model(d, serving_receiver)\n',
    ],
)
def test_sites_are_found(code: str) -> None:
    assert site_hints.mentions_site(code)
    assert site_hints.may_hold_site(read_symbols(code))
    assert rewrite(code.encode()).exports


@pytest.mark.parametrize(
    'load',
    [
        'import tensorflow as tf\nload = tf.saved_model.load\nm = load(d)\n',
        'import tensorflow as tf\nm = tf.saved_model.load(*a)\n',
        'import tensorflow as tf\nm = tf.saved_model.load(**a)\n',
        'import tensorflow as tf\nm = tf.saved_model.load(s, tags=t, export_dir=d)\n',
        'import tensorflow as tf\nm = tf.saved_model.load(d, t)\n',
        'from tensorflow import saved_model\nm = saved_model.load(d)\n',
    ],
)
def test_what_may_load_into_a_session_is_looked_at(load: str) -> None:
    assert site_hints.may_hold_session_site(read_symbols(load))


@pytest.mark.parametrize(
    'code',
    [
        'import tensorflow as tf\n# no SavedModelBuilder\n',
        'import tensorflow as tf\ndef export_saved_model(): pass\nexport_saved_model()\n',
        'from builders import Builder\nimport tensorflow as tf\nBuilder(tf)\n',
        'import tensorflow as tf\ntf.keras.experimental.export_saved_model(m, d)\n',
        'import helpers\nimport tensorflow as tf\nhelpers.export_saved_model(m, receiver)\n',
        'import tensorflow as tf\nfrom of import helpers\nhelpers.export_saved_model(m, d)\n',
        'import tensorflow as tf\nclass A:\n  def export_savedmodel(self): self.export_savedmodel()\n',
        'import tensorflow as tf\nm = tf.saved_model.load(d)\n',
        'import tensorflow.compat.v2 as tf\nm = tf.saved_model.load(export_dir=d, tags=t)\n',
    ],
)
def test_other_modules_are_left_out(code: str) -> None:
    assert not site_hints.may_hold_session_site(read_symbols(code))
    assert not rewrite(code.encode()).exports


def test_renaming_makes_no_site_and_unmakes_none() -> None:
    """So the hints may be taken from the source as it was."""
    for name in symbol_table.names():
        symbol = symbol_table.find(name)
        assert symbol is not None
        for target in filter(None, (symbol.target, symbol.home)):
            before, after = canonical(f'tensorflow.{name}'), canonical(f'tensorflow.{target}')
            sites = [site for site in site_hints.SYMBOLS if site in (before, after)]
            assert not sites or before == after, name
