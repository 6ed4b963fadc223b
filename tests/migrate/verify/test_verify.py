"""Models made wrong on purpose: verify must catch each, and must not cry wolf over the right ones."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from migrate.verify import verify
from migrate.verify.processes import environment
from migrate.verify.results import SignatureResult, Verdict, Verification
from migrate.verify.text import render
from tests.migrate.verify.interpreters import patched, shell

REASON = 'runs models: needs TensorFlow 2'


def of(verification: Verification, key: str) -> SignatureResult:
    (found,) = [result for result in verification.signatures if result.key == key]
    return found


@pytest.mark.parametrize(
    'key',
    ['fine', 'fine_words', 'fine_ids', 'fine_counter', 'fine_metric', 'fine_types', 'fine_example', 'fine_default'],
)
def test_no_false_alarms(verification: Verification, key: str) -> None:
    result = of(verification, key)
    assert (result.verdict, [each.where for each in result.contract if each.breaking]) == (Verdict.IDENTICAL, [])
    assert result.cases >= 3
    assert result.outputs


@pytest.mark.parametrize(
    ('key', 'verdict', 'said'),
    [
        ('constant', Verdict.DIFFERENT, 'elements differ by more than allowed'),
        ('renamed', Verdict.INCOMPATIBLE, 'is missing in what the new model returns'),
        ('missing', Verdict.INCOMPATIBLE, 'is missing in the new model'),
        ('label', Verdict.DIFFERENT, 'int64 must be the same'),
        ('classify', Verdict.INCOMPATIBLE, 'method name was tensorflow/serving/classify'),
        ('transposed', Verdict.DIFFERENT, 'elements differ'),
        ('dtype', Verdict.INCOMPATIBLE, 'dtype was float32, is float64'),
        ('narrow', Verdict.INCOMPATIBLE, 'refuses values that the old model took'),
        ('flat', Verdict.INCOMPATIBLE, 'refuses values that the old model took'),
        ('flat_wrong', Verdict.INCOMPATIBLE, 'elements differ by more than allowed'),
        ('five_rows', Verdict.INCOMPATIBLE, 'refuses values that the old model took'),
        ('nan', Verdict.DIFFERENT, 'are NaN or infinite on one side only'),
        ('one_row', Verdict.DIFFERENT, 'case "batch of 7"'),
        ('limit', Verdict.DIFFERENT, 'case "values beside constants"'),
        ('limit_in_branch', Verdict.DIFFERENT, 'case "values beside constants"'),
        ('limit_in_loop', Verdict.DIFFERENT, 'case "values beside constants"'),
        ('dropout', Verdict.DIFFERENT, 'differ'),
        ('refuses', Verdict.INCOMPATIBLE, 'the old model runs case "batch of 1"'),
        ('forgets', Verdict.DIFFERENT, 'differ'),
        ('metric_value', Verdict.DIFFERENT, '"value" differs'),
        ('metric_update', Verdict.DIFFERENT, '"update_op"'),
        ('mask', Verdict.DIFFERENT, 'elements differ'),
        ('random', Verdict.INCONCLUSIVE, 'other values each time'),
        ('both_fail', Verdict.INCONCLUSIVE, 'both fail. The old model: InvalidArgumentError'),
        ('empty', Verdict.INCONCLUSIVE, 'nothing was compared'),
    ],
)
def test_each_fault_is_caught_and_said(verification: Verification, key: str, verdict: Verdict, said: str) -> None:
    result = of(verification, key)
    texts = [result.message, *(each.message for each in (*result.outputs, *result.contract))]
    assert result.verdict == verdict
    assert said in ' '.join(texts)


def test_of_what_refuses_a_client_it_is_said_whether_the_outputs_are_the_same(verification: Verification) -> None:
    for key, cases, notes in (
        ('flat', 3, ['compared with inputs in the shapes that the new model takes: send "x" as [4] instead of [1, 4]']),
        ('five_rows', 1, []),
    ):
        result = of(verification, key)
        assert ([each.verdict for each in result.outputs], result.cases) == ([Verdict.IDENTICAL], cases)
        assert list(result.notes) == notes
    assert [each.verdict for each in of(verification, 'flat_wrong').outputs] == [Verdict.DIFFERENT]
    same = verification.message.split('the outputs are the same for requests that both take: ')[1].split(';')[0]
    assert {'flat', 'five_rows', 'classify', 'narrow', 'refuses'} == set(same.split(', '))
    assert 'classify lost (`savedmodel-migrate method-names` brings it back): classify' in verification.message


def test_the_whole_is_as_bad_as_its_worst_part(verification: Verification) -> None:
    assert verification.verdict == Verdict.INCOMPATIBLE
    assert verification.verdict.exit_code == 1
    assert '8 of 33 signatures proven to serve the same' in verification.message
    assert [(each.where, each.breaking) for each in verification.contract] == [('signature "extra"', False)]


def test_a_row_that_is_wrong_is_shown_with_its_place_and_values(verification: Verification) -> None:
    worst = of(verification, 'one_row').outputs[0].worst
    assert worst is not None
    assert (worst.case, worst.index[0]) == ('batch of 7', 5)
    assert of(verification, 'one_row').outputs[0].shape == '[7, 4]'
    assert float(worst.old) != float(worst.new)


def test_a_wrong_label_shows_both(verification: Verification) -> None:
    worst = of(verification, 'label').outputs[0].worst
    assert worst is not None
    assert (worst.old, worst.new) == ('3', '-1')


def test_the_sides_say_what_they_ran_with(verification: Verification) -> None:
    tensorflow = pytest.importorskip('tensorflow', reason=REASON)
    assert {verification.old.tensorflow, verification.new.tensorflow} == {tensorflow.__version__}


def test_the_text_has_a_line_for_each_signature_and_says_what_is_wrong(verification: Verification) -> None:
    lines = render(verification)
    for result in verification.signatures:
        assert sum(line.split()[:2] == [result.key, result.verdict.value] for line in lines) == 1
    assert any('classify -> predict' in line for line in lines)
    assert any(line.strip().startswith('case "batch of 7" at [5, ') for line in lines)
    assert lines[-1].startswith('incompatible: 8 of 33')


def test_a_model_whose_variables_were_lost_is_caught(verifications: dict[tuple[str, str], Verification]) -> None:
    verification = verifications['reference', 'dead']
    assert of(verification, 'a').verdict == Verdict.DIFFERENT
    assert 'the old model runs' in of(verification, 'a').message
    assert 'ninitialized' in of(verification, 'a').message
    assert verification.verdict.exit_code == 1


def test_a_crash_in_one_signature_is_a_verdict_on_it_and_no_other(models: Path, tmp_path: Path) -> None:
    python = patched(
        tmp_path / 'python',
        """
run_job = worker.run_job
def crash(loaded, request, number):
    if request['jobs'][number]['key'] == 'a': os.kill(os.getpid(), signal.SIGSEGV)
    return run_job(loaded, request, number)
worker.run_job = crash
""",
    )
    verification = verify(models / 'reference', models / 'reference', new_python=python)
    assert [result.verdict for result in verification.signatures] == [Verdict.DIFFERENT, Verdict.IDENTICAL]
    assert 'the new one fails: the process died of SIGSEGV' in of(verification, 'a').message


def test_a_side_that_cannot_run_is_an_error(models: Path, tmp_path: Path) -> None:
    dies = shell(tmp_path / 'dies', 'kill -SEGV $$')
    hangs = shell(tmp_path / 'hangs', 'sleep 60')
    died = f'{dies} is no Python with a TensorFlow that starts: the process died of SIGSEGV'
    for python, said in ((dies, died), (hangs, 'did not end'), ('no-python', 'there is no interpreter')):
        verification = verify(models / 'reference', models / 'dead', old_python=python, new_python=python, timeout=1)
        assert verification.verdict == Verdict.ERROR
        assert verification.verdict.exit_code == 3
        assert verification.message.startswith(f'both sides: {said}')
        assert {result.verdict for result in verification.signatures} == {Verdict.ERROR}


def test_a_model_whose_asset_is_missing_is_caught(verifications: dict[tuple[str, str], Verification]) -> None:
    verification = verifications['asset', 'no asset']
    assert verification.verdict == Verdict.INCOMPATIBLE
    assert of(verification, 'find').verdict == Verdict.DIFFERENT
    assert 'words.txt' in of(verification, 'find').message
    assert [each.where for each in verification.contract] == ['asset "words.txt"']


def test_tables_that_only_the_old_model_fills_are_caught(verifications: dict[tuple[str, str], Verification]) -> None:
    verification = verifications['fills', 'does not fill']
    assert verification.verdict == Verdict.DIFFERENT
    assert 'Table not initialized' in of(verification, 'find').message
    assert verifications['does not fill', 'does not fill'].verdict == Verdict.IDENTICAL


@pytest.mark.parametrize('side', ['old', 'new'])
def test_what_is_no_model_is_an_error(tmp_path: Path, side: str) -> None:
    from tests.migrate.saved_model.messages import saved_model

    (tmp_path / 'model').mkdir()
    (tmp_path / 'model' / 'saved_model.pb').write_bytes(saved_model({}).SerializeToString())
    paths = {'old': tmp_path / 'model', 'new': tmp_path / 'model', side: tmp_path / 'nowhere'}
    verification = verify(paths['old'], paths['new'])
    assert verification.verdict == Verdict.ERROR
    assert verification.message.startswith(f'the {side} model cannot be read: there is no directory')


def test_models_without_signatures_prove_nothing(tmp_path: Path) -> None:
    from tests.migrate.saved_model.messages import saved_model

    (tmp_path / 'saved_model.pb').write_bytes(saved_model({}).SerializeToString())
    verification = verify(tmp_path, tmp_path)
    assert verification.verdict == Verdict.INCONCLUSIVE
    assert verification.message == 'the old model has no signatures: there is nothing to compare'


def test_a_tag_set_that_was_not_run_is_said(tmp_path: Path) -> None:
    from tests.migrate.saved_model.messages import saved_model

    model = saved_model({}, model=saved_model({}, tags=('train',)))
    (tmp_path / 'saved_model.pb').write_bytes(model.SerializeToString())
    verification = verify(tmp_path, tmp_path)
    assert verification.verdict == Verdict.INCONCLUSIVE
    assert [each.where for each in verification.contract] == ['tag set {train}']
    assert verify(tmp_path, tmp_path, tags=frozenset(['train'])).contract == ()
    other = verify(tmp_path, tmp_path, tags=frozenset(['eval']))
    assert other.verdict == Verdict.ERROR
    assert other.message == 'the old model has no tag set {eval}; it has {serve}, {train}'


def test_inputs_that_cannot_be_made_up_prove_nothing(tmp_path: Path) -> None:
    from tests.migrate.saved_model.messages import saved_model

    model = saved_model({'a': {'inputs': {'x': (20, [])}}})
    (tmp_path / 'saved_model.pb').write_bytes(model.SerializeToString())
    verification = verify(tmp_path, tmp_path)
    assert of(verification, 'a').verdict == Verdict.INCONCLUSIVE
    assert 'no values can be made up' in ' '.join(render(verification))


EXPORT_UNDER_TENSORFLOW_1 = """
import sys, tensorflow as tf
with tf.Session() as session:
    x = tf.placeholder(tf.float32, [None, 3], name='x')
    words = tf.placeholder(tf.string, [None], name='words')
    weights = tf.get_variable('weights', initializer=[[1.0], [2.0], [3.0]])
    table = tf.contrib.lookup.index_table_from_tensor(['red', 'blue'])
    session.run([tf.global_variables_initializer(), tf.tables_initializer()])
    outputs = {'y': tf.sigmoid(tf.matmul(x, weights)), 'id': table.lookup(words)}
    tf.saved_model.simple_save(session, sys.argv[1], {'x': x, 'words': words}, outputs, tf.tables_initializer())
"""


def test_an_export_of_tensorflow_1_runs_under_tensorflow_1(tmp_path: Path) -> None:
    python = os.environ.get('SAVEDMODEL_MIGRATE_OLD_PYTHON')
    if not python:
        pytest.skip('needs SAVEDMODEL_MIGRATE_OLD_PYTHON, a Python with TensorFlow 1')
    tf = pytest.importorskip('tensorflow', reason=REASON)
    from tests.migrate.verify.models import export_tf2, serve

    command = [python, '-c', EXPORT_UNDER_TENSORFLOW_1, str(tmp_path / 'old')]
    subprocess.run(command, check=True, env=environment(python), capture_output=True)
    initializer = tf.lookup.KeyValueTensorInitializer(['red', 'blue'], tf.constant([0, 1], tf.int64))
    table, weights = tf.lookup.StaticHashTable(initializer, -1), tf.Variable([[1.0], [2.0], [3.0]])
    function = serve(
        lambda x, words: {'y': tf.sigmoid(x @ weights), 'id': table.lookup(words)},
        x=(tf.float32, [None, 3]),
        words=(tf.string, [None]),
    )
    new = export_tf2(tmp_path / 'new', {'serving_default': function}, table=table, weights=weights)
    verification = verify(tmp_path / 'old', new, old_python=python)
    assert verification.old.tensorflow.startswith('1.')
    assert verification.new.tensorflow == tf.__version__
    assert verification.verdict in (Verdict.IDENTICAL, Verdict.EQUAL)
    assert 'words string [?], 2 keys of a table' in of(verification, 'serving_default').inputs
