"""How far a repository is: by folder, over time, and what to do next."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from pathlib import Path

import pytest

from migrate.report.as_json import render_json
from migrate.report.folders import by_folder
from migrate.report.history import Moment, earlier, moment_of
from migrate.report.html import render_html
from migrate.report.markdown import render_markdown
from migrate.report.model import ProjectReport, Report
from migrate.report.next_steps import next_steps
from migrate.report.sources import FileReport
from migrate.verify.results import Verdict
from rewriters import Confidence, ExportSummary, Finding, Place
from tests.migrate.report import samples
from tests.migrate.report.page import parse

AT = Place(1, 1, 1, 2)
MANUAL = Finding('NAM201', Confidence.MANUAL, AT, 'gone')
REVIEW = Finding('NAM301', Confidence.REVIEW, AT, 'check')
LEFT = Finding('EXP901', Confidence.MANUAL, AT, 'left alone')
SITE = ExportSummary('builder', AT, '', (), 'tf.function')


def file(path: str, *findings: Finding, after: str = 'x', **more: object) -> FileReport:
    return FileReport(path, 'x', after, findings, **more)  # type: ignore[arg-type]


def project(*files: FileReport, name: str = 'p') -> ProjectReport:
    return ProjectReport(name, name, files)


class TestFolders:
    def test_those_with_most_to_do_come_first(self) -> None:
        folders, more = by_folder([
            project(file('a/b/c/d.py', MANUAL), file('a/b/e.py', REVIEW, after='y'), file('quiet/x.py'), file('f.py')),
            project(file('a/b/g.py', exports=(SITE,)), name='q'),
        ])  # fmt: skip
        assert [(folder.path, folder.to_do) for folder in folders] == [('p/a/b', 3), ('q/a/b', 0)]
        assert folders[1].summary.export_sites['tf.function'] == 1
        assert more == 0

    def test_a_picture_has_an_end(self) -> None:
        folders, more = by_folder([project(*(file(f'{number}/x.py', MANUAL) for number in range(50)))])
        assert len(folders) + more == 50
        assert more == 30


class TestNextSteps:
    def test_in_order_of_worth(self) -> None:
        broken = replace(samples.different(), name='broken', files=())
        left = replace(SITE, writer=None)
        steps = next_steps([
            project(
                file('a.py', REVIEW, REVIEW, MANUAL, MANUAL),
                file('b.py', LEFT, exports=(left,)),
                file('c.py', after='y', exports=(SITE,)),
                file('d.py', error='is Python 2'),
            ),
            broken,
        ])  # fmt: skip
        assert [step.what for step in steps] == [
            f'Look at broken: its proof ended with {Verdict.DIFFERENT.value}',
            'Mend 1 file that could not be read or rewritten',
            'Rewrite 1 file with 1 export site',
            'Prove 1 project: p',
            'Change by hand: 1 place in 1 file',
            'Change by hand: 2 places in 1 file',
            'Check: 2 places in 1 file',
        ]
        assert [step.code for step in steps[-3:]] == ['EXP901', 'NAM201', 'NAM301']
        # Without a project the command is no command.
        assert any(step.how.startswith('`savedmodel-migrate prove PROJECT`') for step in steps)

    def test_what_runs_models_can_be_proven_too(self) -> None:
        loads = Finding('LOAD101', Confidence.REVIEW, AT, 'the session goes')
        scorer = project(file('score.py', loads, after='y'), name='scorer')
        names_only = project(file('a.py', REVIEW, after='y'), name='names')
        left = project(file('left.py', replace(loads, confidence=Confidence.MANUAL)), name='left')
        whats = [step.what for step in next_steps([scorer, names_only, left])]
        assert whats[:2] == ['Rewrite 2 files', 'Prove 1 project: scorer']

    def test_conversions(self) -> None:
        steps = next_steps([project(file('c.py', after='y'))], samples.conversions())
        assert [step.what for step in steps] == [
            'Look at models-tf2/forced/1: it is in place by --force, and its conversion ended with different',
            'See why 2 models are not converted: models-tf2/chance/1, models-tf2/trees/1',
            'Convert again: models-tf2/gone/1',
            'Rewrite 1 file',
        ]

    def test_those_that_are_not_shown_are_counted(self) -> None:
        codes = [f'NAM{number}' for number in range(201, 215)]
        steps = next_steps([project(file('a.py', *(replace(MANUAL, code=code) for code in codes)))])
        assert [step.code for step in steps] == [*codes[:9], '']
        assert steps[-1].what == '5 more steps'
        assert len(next_steps([project(file('a.py', *(replace(MANUAL, code=code) for code in codes[:10])))])) == 10

    def test_stand_in_a_comment_too(self) -> None:
        report = Report('1', '2025-01-01T00:00', (project(file('a.py', MANUAL, after='y')),))
        lines = render_markdown(report).splitlines()
        assert '1. Rewrite 1 file: `savedmodel-migrate rewrite`; `savedmodel-migrate undo` takes it back.' in lines
        assert any(line.startswith('2. Change by hand: 1 place in 1 file (NAM201): ') for line in lines)

    def test_nothing(self) -> None:
        assert next_steps([project(file('a.py'))]) == ()


class TestHistory:
    def report(self, created: str, *findings: Finding) -> Report:
        return Report('1', created, (project(file('a.py', *findings, exports=(SITE,))),))

    def test_each_report_hands_on_what_it_knew(self, tmp_path: Path) -> None:
        days = [f'2025-01-0{day}T10:00' for day in (1, 2, 3)]
        for number, created in enumerate(days):
            report = self.report(created, *[MANUAL] * (3 - number))
            (tmp_path / 'report.html').write_text(render_html(report, earlier(tmp_path, created)), encoding='utf-8')
        (tmp_path / 'older.json').write_text(render_json(self.report('2024-12-24T08:00')), encoding='utf-8')
        found = earlier(tmp_path, '2025-01-04T00:00')
        assert [(moment.created[:10], moment.manual) for moment in found] == [
            ('2024-12-24', 0),
            ('2025-01-01', 3),
            ('2025-01-02', 2),
            ('2025-01-03', 1),
        ]
        page = parse(render_html(self.report('2025-01-04T10:00'), found))
        (table,) = page.all('table', 'history')
        assert len(list(table.all('time'))) == 5
        assert earlier(tmp_path, '2025-01-02T10:00') == found[:2]

    def test_one_report_is_no_history(self) -> None:
        assert not list(parse(render_html(self.report('2025-01-01T00:00'))).all('table', 'history'))

    @pytest.mark.parametrize(
        'moment',
        [
            {'created': '<script>alert(1)</script>'},
            {'sites': -1},
            {'manual': 'x'},
            {'proven': True},
            {'more': 1},
            {'created': 3},
        ],
    )
    def test_what_others_wrote_there_is_not_taken(self, moment: dict[str, object], tmp_path: Path) -> None:
        good = Moment('2025-01-01T00:00', 1, 0, 0, 0, 0, 1)
        assert moment_of(self.report('2025-01-01T00:00')) == good
        for content, expected in ((good.__dict__, (good,)), (good.__dict__ | moment, ())):
            data = html.escape(json.dumps([content]))
            (tmp_path / 'a.html').write_text(f'<div hidden data-history="{data}"></div>', encoding='utf-8')
            assert earlier(tmp_path, '2026') == expected

    @pytest.mark.parametrize('text', ['', '{', '[]', '{"schema_version": 1}', '<div hidden data-history="x"></div>'])
    def test_other_files_are_none_of_ours(self, text: str, tmp_path: Path) -> None:
        for name in ('a.html', 'b.json'):
            (tmp_path / name).write_text(text, encoding='utf-8')
        assert earlier(tmp_path, '2026') == ()
