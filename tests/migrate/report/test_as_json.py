from __future__ import annotations

import json
import math

from migrate.report.as_json import render_json
from migrate.report.model import ProjectReport, Report
from migrate.report.plain import SCHEMA_VERSION
from migrate.verify.results import Verdict
from tests.migrate.report import samples


def test_the_whole_report_is_there_under_the_names_of_the_model() -> None:
    content = json.loads(render_json(samples.team_report()))
    assert list(content) == ['schema_version', 'tool_version', 'created', 'summary', 'projects', 'conversions']
    assert content['schema_version'] == SCHEMA_VERSION
    frozen = content['projects'][0]
    assert list(frozen) == ['name', 'path', 'files', 'proof', 'proof_is_stale', 'says_how_to_prove']
    assert frozen['proof']['verdict'] == 'identical'
    assert frozen['files'][0]['after'] == samples.AFTER
    assert frozen['files'][0]['findings'][1]['confidence'] == 'review'
    assert content['projects'][-1]['proof'] is None
    assert content['summary']['conversions']['stale'] == 1
    assert content['conversions'][0]['models'][0]['conversion']['placed'] is True
    worst = content['projects'][1]['proof']['models'][0]['verification']['signatures'][1]['outputs'][0]['worst']
    assert worst == {'case': 'batch of 8', 'index': [5, 3], 'old': '0.10000149', 'new': '0.10000173'}


def test_the_same_report_gives_the_same_text() -> None:
    assert render_json(samples.team_report()) == render_json(samples.team_report())


def test_numbers_that_json_does_not_have_are_strings() -> None:
    outputs = [samples.output(str(x), Verdict.DIFFERENT, x) for x in (math.nan, math.inf, -math.inf, 0.5)]
    proof = samples.proof('p', Verdict.DIFFERENT, '', samples.signature('s', Verdict.DIFFERENT, *outputs))
    content = json.loads(render_json(Report('1', '', (ProjectReport('p', 'p', (), proof),))), parse_constant=_refuse)
    outputs = content['projects'][0]['proof']['models'][0]['verification']['signatures'][0]['outputs']
    assert [o['max_abs_difference'] for o in outputs] == ['NaN', 'Infinity', '-Infinity', 0.5]


def test_any_text_survives() -> None:
    text = render_json(samples.hostile_report())
    assert text.isascii()
    assert json.loads(text)['projects'][0]['name'] == f'frozen{samples.MARKUP}\n{samples.MARKUP}'


def test_empty_report() -> None:
    assert json.loads(render_json(Report('1', '', ())))['projects'] == []


def _refuse(constant: str) -> None:
    raise AssertionError(constant)
