"""The streams that commands write to: a reader that goes away ends no command in the middle of its work."""

from __future__ import annotations

import io
from typing import Any


def lasting(stream: Any) -> Any:
    """A standard stream that takes everything, also when nobody reads it any more (`rewrite | head`).

    Where it can't show a character, its number is better than a traceback.
    """
    if not isinstance(stream, io.TextIOWrapper):
        return stream  # closed from the beginning, or a test's
    if stream.isatty():
        stream.reconfigure(errors='backslashreplace')
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_Lasting(stream.fileno(), 'wb', closefd=False)),
        encoding=stream.encoding,
        errors='backslashreplace',
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


class _Lasting(io.FileIO):
    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes
