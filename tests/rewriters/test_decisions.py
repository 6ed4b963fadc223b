"""Each export site says which forms it did not take, why, and where in the file as it was given."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from rewriters import ExportSummary, rewrite
from rewriters.outcome import Writer

HERE = Path(__file__).parent
FORMS = [writer.value for writer in Writer]
FILES = sorted(path for folder in ('pairs', 'refusals') for path in (HERE / folder).rglob('*.py'))
SESSION = """\
import tensorflow as tf

class Model:
    def save(self):
        tf.layers.dense(self.x, 2, name='y')
        tf.saved_model.simple_save(self.sess, 'export', {'x': self.x}, {'y': self.y})
"""
HELPER = """\
import networks
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = {call}
    tf.saved_model.simple_save(sess, 'export', {{'x': x}}, {{'y': y}})
"""
METAGRAPH = sorted((HERE / 'pairs' / 'metagraph').glob('*_before.py'))


def only_export(source: str) -> ExportSummary:
    (export,) = rewrite(source.encode()).exports
    return export


def passed_over(source: str) -> list[tuple[str, str, str]]:
    """The forms, the reasons, and the source from the place of each to the end of its line."""
    lines = source.splitlines()
    return [
        (over.form, over.reason, lines[over.place.line - 1][over.place.column - 1 :] if over.place else '')
        for over in only_export(source).passed_over
    ]


def test_the_first_form_passes_nothing_over() -> None:
    assert passed_over(HELPER.format(call='x * 2.')) == []


def test_a_helper_that_may_create_variables() -> None:
    reason = '`networks.net(x)` may create variables out of sight'
    assert passed_over(HELPER.format(call='networks.net(x)')) == [('tf.function', reason, 'networks.net(x)')]


def test_a_helper_that_no_graph_function_can_hold() -> None:
    first, second = passed_over(HELPER.format(call='tf.map_fn(lambda v: networks.net(v), x)'))
    assert first == ('tf.function', '`networks.net(v)` may create variables out of sight', 'networks.net(v), x)')
    reason = "a function inside of the graph's code may create variables"
    assert second == ('graph function', reason, 'lambda v: networks.net(v), x)')


@pytest.mark.parametrize('path', METAGRAPH, ids=lambda path: path.stem)
def test_an_imported_graph(path: Path) -> None:
    ((form, reason, source),) = passed_over(path.read_text(encoding='utf-8'))
    assert (form, reason) == ('tf.function', 'the graph comes from a MetaGraph file')
    assert 'import_meta_graph' in source


def test_lines_are_those_of_the_file_as_it_was_given() -> None:
    """The renamed text, in which what stands in the way is found, has lines above it that the file has not."""
    reason = 'the session `self.sess` is not opened in the same block'
    source = "self.sess, 'export', {'x': self.x}, {'y': self.y})"
    assert b'TF_USE_LEGACY_KERAS' in rewrite(SESSION.encode()).source
    assert passed_over(SESSION) == [('tf.function', reason, source), ('graph function', reason, source)]
    messages = [finding.message for finding in rewrite(SESSION.encode()).findings if finding.code == 'EXP103']
    assert [re.findall(r'\(line \d+\)', message) for message in messages] == [['(line 6)']]


def test_what_is_left_alone_passes_all_forms_over() -> None:
    source = (HERE / 'refusals' / 'builder_of_object.py').read_text(encoding='utf-8')
    forms, reasons, _ = zip(*passed_over(source), strict=True)
    assert list(forms) == FORMS
    assert reasons[0] == reasons[1] == 'the builder is not bound to a plain name'
    assert reasons[2] == 'the builder `self.builder` is not saved in the function that makes it'


def test_what_is_only_handed_on_has_one_reason() -> None:
    over = passed_over('import tensorflow as tf\nrun(tf.saved_model.simple_save)\n')
    assert [form for form, _, _ in over] == FORMS
    assert len({reason for _, reason, _ in over}) == 1


def test_estimators() -> None:
    rewritten = (HERE / 'estimator_pairs' / 'export_only_before.py').read_text(encoding='utf-8')
    ((form, reason, source),) = passed_over(rewritten)
    assert (form, reason) == ('tf.function', 'calling the model_fn may create variables out of sight')
    assert source.startswith('def ')
    canned = 'import tensorflow as tf\nmodel = tf.estimator.DNNClassifier([8], [])\nmodel.export_savedmodel("out", f)\n'
    over = passed_over(canned)
    assert [form for form, _, _ in over] == FORMS
    assert all('inside of TensorFlow' in reason for _, reason, _ in over[:2])


@pytest.mark.parametrize('path', FILES, ids=lambda path: path.stem)
def test_every_form_before_the_one_that_was_taken_has_a_reason(path: Path) -> None:
    source = path.read_bytes()
    count = len(source.splitlines())
    result = rewrite(source)
    for export in result.exports:
        taken = FORMS.index(export.writer) if export.writer is not None else len(FORMS)
        assert [over.form for over in export.passed_over] == FORMS[:taken]
        assert all(over.reason for over in export.passed_over)
        assert all(over.place is None or over.place.line <= count for over in export.passed_over)
    assert pickle.loads(pickle.dumps(result)) == result
