from __future__ import annotations

from migrate.report.model import Report
from migrate.report.summary import summarise
from migrate.report.wording import headline, largest_difference
from migrate.verify.results import Verdict
from tests.migrate.report import samples


def test_counts_of_a_team() -> None:
    summary = summarise(samples.team_report().projects)
    assert (summary.projects, summary.files, summary.files_changed, summary.files_failed) == (8, 11, 4, 1)
    assert set(summary.proofs.values()) == {1}
    assert summary.export_sites == {'tf.function': 1, 'graph function': 2, 'session': 1, 'left alone': 1}
    assert summary.findings == {'equivalent': 2, 'review': 3, 'manual': 1}


def test_stale_proofs_count_for_nothing() -> None:
    summary = summarise([samples.stale()])
    assert summary.proofs['identical'] == 0
    assert summary.proofs['stale'] == 1
    assert not any(summary.signatures.values())


def test_headline_tells_the_bad_news_too() -> None:
    text = headline(summarise(samples.team_report().projects))
    assert text == (
        '2 of 8 projects proven to serve what the old export served. 3 failed the proof and 3 without a valid proof. '
        'For a person: 1 place to change by hand, 3 assumptions to check, 1 file that could not be read or rewritten.'
    )


def test_headline_counts_models_that_hold() -> None:
    report = samples.team_report()
    text = headline(summarise(report.projects, report.conversions))
    assert '1 of 5 models converted, and proven to serve the same. For a person: ' in text


def test_headline_of_nothing() -> None:
    assert headline(summarise(Report('1', '', ()).projects)) == 'There was nothing to report on: no project was found.'


def test_largest_difference_is_measured_against_the_values_of_its_output() -> None:
    small = samples.output('small', Verdict.DIFFERENT, 0.1, max_magnitude=0.2)
    large = samples.output('large', Verdict.EQUAL, 1.0, max_magnitude=1e6)
    assert largest_difference(samples.signature('s', Verdict.DIFFERENT, small, large)) == '0.1 of 0.2 in small'


def test_a_difference_that_is_no_number_is_the_largest() -> None:
    lost = samples.output('lost', Verdict.DIFFERENT, float('nan'))
    large = samples.output('large', Verdict.DIFFERENT, 5.0)
    assert largest_difference(samples.signature('s', Verdict.DIFFERENT, large, lost)) == 'nan of 5.1 in lost'


def test_no_difference_without_numbers() -> None:
    text = samples.output('text', Verdict.IDENTICAL, None, max_magnitude=None)
    assert largest_difference(samples.signature('s', Verdict.IDENTICAL, text)) == ''
