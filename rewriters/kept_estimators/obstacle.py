"""Says of Estimators that are left alone what keeps the support module from standing in."""

from __future__ import annotations

from dataclasses import replace

from rewriters.findings import Finding
from rewriters.kept_estimators.names import SUPPORT_MODULE
from rewriters.site_result import SiteResult

LEFT_ALONE = 'EST901'


def say_obstacle(result: SiteResult, obstacle: str) -> SiteResult:
    """The same, with the obstacle in the findings."""
    return replace(result, findings=tuple(_with_obstacle(finding, obstacle) for finding in result.findings))


def _with_obstacle(finding: Finding, obstacle: str) -> Finding:
    if finding.code != LEFT_ALONE:
        return finding
    return replace(finding, message=f'{finding.message}; nor can {SUPPORT_MODULE} stand in: {obstacle}')
