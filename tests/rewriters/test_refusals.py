"""Every file in refusals/ has an export that no static rewrite may take; its first line holds the reason given.

Such an export is left alone, or keeps its session: it never becomes signature methods. `# expect:` is what the finding
says; `# expect of the graph function:` is what kept an export from that form where the finding names what kept it from
signature methods, so that only `scan --verbose` tells.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rewriters import Confidence, rewrite
from rewriters.names import apply_edits, rename
from rewriters.outcome import Writer
from rewriters.source import parse
from rewriters.symbols import Symbols

REFUSALS = Path(__file__).parent / 'refusals'
NAMES = sorted(path.stem for path in REFUSALS.glob('*.py'))


def renamed_only(source: str) -> str:
    """What the file becomes if nothing but names is rewritten."""
    edits, _ = rename(source, Symbols.from_tree(parse(source)))
    return apply_edits(source, edits)


@pytest.mark.parametrize('name', NAMES)
def test_left_alone_with_a_reason(name: str) -> None:
    source = (REFUSALS / f'{name}.py').read_text(encoding='utf-8')
    expected = re.match('# expect( of the graph function)?: (.+)\n', source)
    assert expected is not None
    of_the_form, reason = expected.groups()
    compile(source, name, 'exec', dont_inherit=True)
    result = rewrite(source.encode())
    assert result.exports
    assert {export.writer for export in result.exports} <= {None, Writer.SESSION.value}
    findings = [finding for finding in result.findings if finding.code.startswith('EXP')]
    told = [finding.message + finding.advice for finding in findings]
    if of_the_form:
        forms = [form for export in result.exports for form in export.passed_over]
        told = [form.reason for form in forms if form.form == Writer.GRAPH_FUNCTION.value]
    assert any(reason in text for text in told), told
    if not any(export.writer for export in result.exports):
        assert not of_the_form
        assert {finding.code for finding in findings} == {'EXP901'}
        assert all(finding.confidence is Confidence.MANUAL and finding.advice for finding in findings)
        assert result.source.decode() == renamed_only(source)


@pytest.mark.parametrize('name', NAMES)
def test_a_second_rewrite_says_the_same(name: str) -> None:
    first = rewrite((REFUSALS / f'{name}.py').read_bytes())
    second = rewrite(first.source)
    assert second.source == first.source
    lines = [[f.place.line for f in result.findings if f.code == 'EXP901'] for result in (first, second)]
    assert lines[0] == lines[1]
