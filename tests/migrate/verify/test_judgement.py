"""What the runs of both sides are judged to prove, without running anything."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from migrate.verify.evidence import Knowledge
from migrate.verify.judgement import Judgement, judge
from migrate.verify.races import Order, Races, RacesOfPair
from migrate.verify.results import Verdict, worst_of
from migrate.verify.runs import Artifact, Case, CaseRun, Job, JobRun, together
from migrate.verify.worker import Tensor, save_tensors

CRASH = JobRun(error='the process died of SIGSEGV')


class Runs:
    """Makes runs of one output `y` that returned what a test says."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._count = 0

    def __call__(self, **attempts: float | str) -> CaseRun:
        """A number is what `y` was in an attempt, a text an error."""
        files, errors = {}, {}
        after = [attempt for attempt in attempts if attempt.startswith('after')]
        for attempt in ('first', 'again', 'fresh', *after):
            value = attempts.get(attempt, attempts['first'])
            attempt = attempt.replace('_', ' ')
            if isinstance(value, str):
                errors[attempt] = value
                continue
            files[attempt] = str(self._directory / f'{self._count}.npz')
            self._count += 1
            save_tensors(files[attempt], {'y': Tensor('float32', np.array([value], dtype=np.float32))})
        return CaseRun(files, errors)

    def job(self, **attempts: float | str) -> JobRun:
        return JobRun({'one': self(**attempts)})


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def verdict(old: JobRun, new: JobRun, by_chance: tuple[str, ...] = ()) -> Verdict:
    return judge(old, {'session': new}, Knowledge(by_chance=frozenset(by_chance))).verdict


def test_same_and_other_values(runs: Runs) -> None:
    assert verdict(runs.job(first=1.0), runs.job(first=1.0)) == Verdict.IDENTICAL
    assert verdict(runs.job(first=1.0), runs.job(first=1.00001)) == Verdict.EQUAL
    assert verdict(runs.job(first=1.0), runs.job(first=2.0)) == Verdict.DIFFERENT


def test_both_failing_alike_proves_nothing(runs: Runs) -> None:
    result = judge(runs.job(first='old error'), {'session': runs.job(first='new error')}, Knowledge())
    assert result.verdict == Verdict.INCONCLUSIVE
    assert 'old error' in result.message
    assert 'new error' in result.message
    assert verdict(CRASH, CRASH) == Verdict.INCONCLUSIVE


def test_only_the_new_one_failing_is_different(runs: Runs) -> None:
    assert verdict(runs.job(first=1.0), runs.job(first='error')) == Verdict.DIFFERENT
    assert verdict(runs.job(first=1.0), CRASH) == Verdict.DIFFERENT


def test_only_the_old_one_failing_proves_nothing(runs: Runs) -> None:
    assert verdict(runs.job(first='error'), runs.job(first=1.0)) == Verdict.INCONCLUSIVE
    assert verdict(CRASH, runs.job(first=1.0)) == Verdict.INCONCLUSIVE


def test_an_empty_batch_that_runs_hides_no_error_of_the_others(runs: Runs) -> None:
    case = Case('empty batch', {}, apart=True)
    model = JobRun({'one': runs(first='no number'), 'empty batch': runs(first=1.0)})
    result = judge(model, {'session': model}, Knowledge({'empty batch': case}))
    assert (result.verdict, result.cases) == (Verdict.INCONCLUSIVE, 0)
    assert result.message == 'both fail. The old model: no number. The new one: no number'


def test_a_process_that_says_nothing_is_an_error(runs: Runs) -> None:
    silent = JobRun(error='did not end', says_nothing=True)
    assert verdict(silent, runs.job(first=1.0)) == Verdict.ERROR
    assert verdict(runs.job(first=1.0), silent) == Verdict.ERROR


def test_cases_that_the_old_model_refuses_are_noted(runs: Runs) -> None:
    old = JobRun({'one': runs(first=1.0), 'two': runs(first='too large')})
    new = JobRun({'one': runs(first=1.0), 'two': runs(first=3.0)})
    result = judge(old, {'session': new}, Knowledge())
    assert (result.verdict, result.cases) == (Verdict.IDENTICAL, 1)
    assert 'nothing is known for case "two"' in result.notes[0]
    assert 'the new one runs "two"' in result.notes[0]
    assert 'too large' in result.notes[0]


def test_one_case_that_only_the_new_model_refuses_is_different(runs: Runs) -> None:
    old = JobRun({'one': runs(first=1.0), 'two': runs(first=1.0)})
    new = JobRun({'one': runs(first=1.0), 'two': runs(first='too large')})
    result = judge(old, {'session': new}, Knowledge())
    assert result.verdict == Verdict.DIFFERENT
    assert 'case "two", the new one fails: too large' in result.message


def test_random_values_prove_nothing(runs: Runs) -> None:
    assert verdict(runs.job(first=1.0, again=2.0, fresh=3.0), runs.job(first=4.0, fresh=5.0)) == Verdict.INCONCLUSIVE
    assert verdict(runs.job(first=1.0, fresh=3.0), runs.job(first=1.0)) == Verdict.INCONCLUSIVE


def test_seeded_random_values_prove_nothing_where_the_graph_has_a_random_op(runs: Runs) -> None:
    old, new = runs.job(first=1.0, again=2.0), runs.job(first=3.0, again=4.0)
    assert verdict(old, new, by_chance=('y',)) == Verdict.INCONCLUSIVE
    assert verdict(old, new) == Verdict.DIFFERENT


def test_a_random_op_that_is_switched_off_hides_no_difference(runs: Runs) -> None:
    assert verdict(runs.job(first=1.0), runs.job(first=2.0), by_chance=('y',)) == Verdict.DIFFERENT


def test_state_must_move_on_alike(runs: Runs) -> None:
    counter = runs.job(first=1.0, again=2.0)
    assert verdict(counter, runs.job(first=1.0, again=2.0)) == Verdict.IDENTICAL
    assert verdict(counter, runs.job(first=1.0, again=1.0)) == Verdict.DIFFERENT
    assert verdict(counter, runs.job(first=1.0, again='used up')) == Verdict.DIFFERENT


def test_chance_that_only_the_new_model_has_is_a_difference(runs: Runs) -> None:
    assert verdict(runs.job(first=1.0), runs.job(first=1.0, fresh=2.0)) == Verdict.DIFFERENT


def read_twice(before: float, after: float, runs: Runs) -> JobRun:
    return runs.job(first=before, after_first=after, after_again=after, after_fresh=after)


def in_a_race(old: JobRun, new: JobRun, order: Order) -> Judgement:
    name = frozenset(['y'])
    apart = Races(apart=name)
    of_new = {Order.APART: apart, Order.EITHER: Races(), Order.NONE: Races(others=name)}[order]
    return judge(old, {'session': new}, Knowledge(races=RacesOfPair(apart, of_new)))


def test_what_is_read_before_and_after_a_change_must_be_the_same_both_times(runs: Runs) -> None:
    old = read_twice(1.0, 2.0, runs)
    same = in_a_race(old, read_twice(1.0, 2.0, runs), Order.APART)
    assert same.verdict == Verdict.IDENTICAL
    assert '"y" reads what the same call changes, in no order' in same.notes[0]
    wrong = [in_a_race(old, read_twice(*values, runs), Order.APART) for values in ((1.0, 3.0), (3.0, 2.0))]
    assert [each.verdict for each in wrong] == [Verdict.DIFFERENT] * 2
    assert 'read after the other outputs: 1 of 1 elements differ' in wrong[0].outputs[0].message


@pytest.mark.parametrize(('value', 'expected'), [(1.0, 'identical'), (2.0, 'identical'), (1.5, 'different')])
def test_a_new_model_with_an_order_returns_either(runs: Runs, value: float, expected: str) -> None:
    assert in_a_race(read_twice(1.0, 2.0, runs), runs.job(first=value), Order.EITHER).verdict.value == expected


def test_what_is_up_to_chance_is_said_to_be_so_whatever_it_was(runs: Runs) -> None:
    for value in (1.0, 7.0):
        judged = in_a_race(read_twice(1.0, 2.0, runs), runs.job(first=value), Order.NONE)
        assert judged.verdict == Verdict.INCONCLUSIVE
        assert 'up to chance' in judged.message


def test_missing_outputs_are_incompatible(runs: Runs, tmp_path: Path) -> None:
    path = str(tmp_path / 'other.npz')
    save_tensors(path, {'z': Tensor('float32', np.zeros(1, dtype=np.float32))})
    new = JobRun({'one': CaseRun(dict.fromkeys(('first', 'again', 'fresh'), path), {})})
    result = judge(runs.job(first=1.0), {'session': new}, Knowledge())
    assert result.verdict == Verdict.INCOMPATIBLE
    assert [(output.name, output.verdict) for output in result.outputs] == [('y', Verdict.INCOMPATIBLE)]


def by_loaders(old: JobRun, **new: JobRun) -> Judgement:
    return judge(old, new, Knowledge())


def test_the_worse_of_two_loaders_counts_and_is_named(runs: Runs) -> None:
    old, same, other = runs.job(first=1.0), runs.job(first=1.0), runs.job(first=2.0)
    result = by_loaders(old, object=same, session=other)
    assert result.verdict == Verdict.DIFFERENT
    assert result.outputs[0].verdict == Verdict.DIFFERENT
    assert 'TensorFlow Serving' in result.message
    assert 'tf.saved_model.load' in by_loaders(old, object=CRASH, session=same).message


def test_a_loader_that_a_tensorflow_lacks_is_noted(runs: Runs) -> None:
    lacking = JobRun(error='TensorFlow 1.15 cannot', unsupported=True)
    result = by_loaders(runs.job(first=1.0), object=lacking, session=runs.job(first=1.0))
    assert result.verdict == Verdict.IDENTICAL
    assert 'TensorFlow 1.15 cannot' in result.notes[0]


def test_verdicts_have_an_order_and_exit_codes() -> None:
    order = [Verdict.IDENTICAL, Verdict.EQUAL, Verdict.INCONCLUSIVE]
    order += [Verdict.DIFFERENT, Verdict.INCOMPATIBLE, Verdict.ERROR]
    for number in range(len(order)):
        assert worst_of(reversed(order[: number + 1])) == order[number]
    assert worst_of([]) == Verdict.INCONCLUSIVE
    assert [verdict.exit_code for verdict in order] == [0, 0, 4, 1, 1, 3]


def test_what_is_too_much_for_a_model_counts_only_where_the_old_one_stands_it(runs: Runs) -> None:
    case = Case('empty batch', {}, apart=True)
    artifact = Artifact(Path(), frozenset(), initialise_tables=True)
    job = Job(artifact, 'a', 'session', [case], frozenset())
    knowledge = Knowledge({'empty batch': case})
    stands = JobRun({'empty batch': runs(first=1.0)})
    out_of_time = JobRun(error='did not end within 1 seconds', says_nothing=True)

    def judged(old: JobRun, new: JobRun) -> Judgement:
        old, new = (together(runs.job(first=1.0), job, apart) for apart in (old, new))
        return judge(old, {'session': new}, knowledge)

    assert judged(stands, stands).cases == 2
    for old, new in ((CRASH, CRASH), (CRASH, stands), (stands, out_of_time), (out_of_time, CRASH)):
        result = judged(old, new)
        assert (result.verdict, result.cases, result.notes) == (Verdict.IDENTICAL, 1, ())
    fails = judged(stands, CRASH)
    assert fails.verdict == Verdict.DIFFERENT
    assert 'runs case "empty batch", the new one fails: the process died of SIGSEGV' in fails.message
    assert together(CRASH, job, stands) == CRASH
