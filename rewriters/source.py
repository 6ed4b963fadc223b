"""Source bytes to text and back: encoding, byte order mark and newlines survive; what can't be read is an error."""

from __future__ import annotations

import ast
import codecs
import io
import re
import symtable
import tokenize
from dataclasses import dataclass

from rewriters.findings import SourceError

_PYTHON_2_SIGNS = ("Missing parentheses in call to 'print'", "Missing parentheses in call to 'exec'")
_MEND = 'Mend the syntax error, then run again.'
_COOKIE = re.compile(rb'(?:\xef\xbb\xbf)?[ \t\f]*#[^\r\n]*coding[:=]')
_NEWLINE = re.compile(rb'\r\n|\r|\n')
_PYTHON_2_ADVICE = 'Convert it to Python 3 first (`2to3 -w FILE`, or `futurize`), then run again.'
_TAB_ADVICE = (
    'Python 2 took a tab as blanks up to the next column that 8 divides. Put these there instead, by your editor or by '
    'GNU `expand -i -t 8 FILE > NEW_FILE`, then run again.'
)


@dataclass(frozen=True)
class SourceText:
    """Decoded source. `text` keeps every newline as it stands in the file."""

    text: str
    encoding: str
    has_bom: bool

    def encode(self, text: str) -> bytes:
        """The bytes of `text` in the encoding of the file it replaces."""
        encoded = text.encode('utf-8' if self.has_bom else self.encoding)
        return codecs.BOM_UTF8 + encoded if self.has_bom else encoded


def decode(source: bytes) -> SourceText:
    """Decodes by byte order mark and PEP 263 cookie, UTF-8 without.

    Raises:
        SourceError: the encoding is unknown, or the bytes are not in it.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    except SyntaxError as error:
        if 'missing encoding' not in str(error):
            line = 1 if _COOKIE.match(source) else 2
            what = error.msg.removeprefix('unknown encoding: ')
            raise SourceError(f'unknown source encoding: {what}', line) from None
        encoding = 'utf-8'  # it is not, and the decoder says where
    has_bom = source.startswith(codecs.BOM_UTF8)
    body = source[len(codecs.BOM_UTF8) :] if has_bom else source
    name = 'utf-8' if encoding == 'utf-8-sig' else encoding
    try:
        return SourceText(body.decode(name), name, has_bom)
    except UnicodeDecodeError as error:
        line = len(_NEWLINE.findall(body[: error.start])) + 1
        raise SourceError(
            f'is not {name} text', line, 'Declare its encoding in the first line (PEP 263), or save it as UTF-8.'
        ) from None


def parse(text: str) -> ast.Module:
    """Parses Python 3 source.

    Raises:
        SourceError: names the line and, where it is Python 2, says so.
    """
    if '\0' in text:
        line = len(_NEWLINE.findall(text[: text.index('\0')].encode('utf-8', 'replace'))) + 1
        raise SourceError('does not parse as Python 3: source cannot contain null bytes', line, _MEND)
    try:
        return ast.parse(text)
    except TabError as error:
        raise SourceError(f'mixes tabs and spaces: {error.msg}', error.lineno or 0, _TAB_ADVICE) from None
    except SyntaxError as error:
        raise _syntax_error(error) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise SourceError(f'Python cannot parse it: {error or type(error).__name__}') from None


def check(text: str) -> None:
    """As `parse`, in less time, because no tree is made.

    Raises:
        SourceError: as `parse` does.
    """
    try:
        symtable.symtable(text, '<source>', 'exec')
    except Exception:  # It objects to more than the parser does, so let the parser say.
        parse(text)


def _syntax_error(error: SyntaxError) -> SourceError:
    line = error.lineno or 0
    source_line = (error.text or '').strip()
    if error.msg.startswith(_PYTHON_2_SIGNS) or _looks_like_python_2(source_line):
        return SourceError(f'is Python 2 source: `{source_line}`', line, _PYTHON_2_ADVICE)
    return SourceError(f'does not parse as Python 3: {error.msg}', line, _MEND)


def _looks_like_python_2(line: str) -> bool:
    return line.startswith(('print ', 'exec ')) or (line.startswith('except ') and ',' in line)
