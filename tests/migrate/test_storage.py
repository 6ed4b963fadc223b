"""Storage: what is dumped comes back equal, and what is not ours is refused."""

import pytest

from migrate.report.model import ModelProof, ProjectReport, Proof, Report
from migrate.report.sources import FileReport
from migrate.storage import StorageError, dump, load
from migrate.verify.results import (
    ContractDifference,
    OutputResult,
    Side,
    SignatureResult,
    Verdict,
    Verification,
    WorstElement,
)
from rewriters import Confidence, ExportSummary, Finding, Place

PLACE = Place(1, 2, 3, 4)
DIFFERENCE = ContractDifference('signature "a"', 'is missing', breaking=True)
OUTPUT = OutputResult(
    'y', Verdict.DIFFERENT, 'far off', 'float32', '[2, 3]', 0.1, float('inf'), WorstElement('case 1', (1, 2), '1', '2')
)
SIGNATURE = SignatureResult(
    'a', Verdict.DIFFERENT, 'm', 'old', 'new', 3, 'made up', (OUTPUT,), (DIFFERENCE,)
)  # fmt: skip
PROOF = Proof(
    'project',
    Verdict.DIFFERENT,
    'it differs: ä, 語, \udcff',
    'old',
    'new',
    (ModelProof('model', Verification(Side('o', '1.15.5', '3.7'), Side('n'), Verdict.DIFFERENT, '', (SIGNATURE,))),),
    'abc',
)
REPORT = Report(
    '0.1.0',
    '2025-01-01T00:00Z',
    (
        ProjectReport(
            'p',
            'path',
            (
                FileReport(
                    'a.py',
                    'before',
                    'after',
                    (Finding('X1', Confidence.REVIEW, PLACE, 'message', 'advice'),),
                    (ExportSummary('builder', PLACE, "'dir'", (('a', 'predict'),), None),),
                ),
            ),
            PROOF,
        ),
    ),
)


@pytest.mark.parametrize('value', [PROOF, REPORT])
def test_comes_back_equal(value: object) -> None:
    assert load(type(value), dump(value)) == value


@pytest.mark.parametrize('text', ['', '{', '[]', '3', '{"project": "x"}', dump(PROOF).replace('"different"', '"fine"')])
def test_refuses_what_it_did_not_write(text: str) -> None:
    with pytest.raises(StorageError, match='not a stored Proof'):
        load(Proof, text)
