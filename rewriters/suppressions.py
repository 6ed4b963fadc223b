"""Comments that leave out findings of their line: `# savedmodel-migrate: ignore[CODE]`. Those in vain are found too."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rewriters.findings import Confidence, Finding, Place, explain

MARK = b'savedmodel-migrate:'
"""What a source with such a comment holds."""
_COMMENT = re.compile(r'#\s*savedmodel-migrate:\s*ignore\[([\w\s,]+)\]')

IN_VAIN = explain(
    'SUP101',
    'A comment suppresses nothing',
    """
    A comment `# savedmodel-migrate: ignore[CODE]` stands in a line of which nothing with this code is to be said: what
    it was for was rewritten since, moved to another line, or never had this code. It would hide what comes up there
    later.

    To do: take the code out of the comment, or the comment out of the line. A comment counts for what begins or ends
    in its line:

        estimator = tf.estimator.DNNClassifier([8], columns)  # savedmodel-migrate: ignore[NAM201]

    https://www.tensorflow.org/guide/migrate
    """,
)


@dataclass(frozen=True)
class _Suppression:
    """One code in one comment."""

    code: str
    place: Place


def not_suppressed(findings: Sequence[Finding], text: str) -> tuple[Finding, ...]:
    """The findings without those that a comment asks to leave out, and one for each code that leaves out nothing."""
    suppressions = tuple(_suppressions(text)) if _COMMENT.search(text) else ()
    if not suppressions:
        return tuple(findings)
    kept: list[Finding] = []
    used: set[_Suppression] = set()
    for finding in findings:
        lines = (finding.place.line, finding.place.end_line)
        matching = [each for each in suppressions if each.code == finding.code and each.place.line in lines]
        used.update(matching)
        if not matching:
            kept.append(finding)
    kept += [_in_vain(each) for each in suppressions if each not in used]
    return tuple(sorted(kept, key=lambda finding: finding.sort_key))


def _in_vain(suppression: _Suppression) -> Finding:
    message = f'the comment suppresses {suppression.code}, which is not said of this line'
    return Finding(IN_VAIN, Confidence.MANUAL, suppression.place, message, 'Take it out.')


def _suppressions(text: str) -> Iterator[_Suppression]:
    """Those in comments; a string that reads like one is none."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline='').readline):
            match = _COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
            if match:
                line, start = token.start
                place = Place(line, start + match.start() + 1, line, start + match.end() + 1)
                codes = dict.fromkeys(code.strip().upper() for code in match[1].split(',') if code.strip())
                yield from (_Suppression(code, place) for code in codes)
    except (tokenize.TokenError, SyntaxError):  # what Python reads and tokenize does not
        return
