"""The report as JSON, for programs: the result model as it is, with the counts of its summary."""

from __future__ import annotations

import json

from migrate.report.model import Report
from migrate.report.plain import SCHEMA_VERSION, plain
from migrate.report.summary import summarise


def render_json(report: Report) -> str:
    """One JSON object. The keys stand in the order of the model's fields, so that two reports can be compared as text.

    Numbers that JSON does not have (a difference can be infinite, or no number) become the strings `NaN`, `Infinity`
    and `-Infinity`. The text is ASCII: a source may hold what no encoding takes.
    """
    content = {
        'schema_version': SCHEMA_VERSION,
        'tool_version': report.tool_version,
        'created': report.created,
        'summary': plain(summarise(report.projects, report.conversions)),
        'projects': plain(report.projects),
        'conversions': plain(report.conversions),
    }
    return json.dumps(content, indent=2, allow_nan=False) + '\n'
