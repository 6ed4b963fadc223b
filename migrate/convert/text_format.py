"""A part of a model that is written as text.

The messages here know only some of TensorFlow's fields. What is written as bytes keeps the others when it is read and
written again; text does not. So the lines themselves are taken, as protobuf writes them: a message begins with a line
`name {`, what is in it is indented by two more spaces, and it ends with a `}` below its name.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from migrate.saved_model import schema


def text_alone(text: str, number: int, left_out: Collection[str], expected: Any) -> str | None:
    """The text with one of its meta graphs only, and that without some signatures; None if it is no such text.

    `expected` is what it means.
    """
    lines: list[str] = []
    graphs = -1
    for block in _blocks(text.splitlines(keepends=True), ''):
        is_graph = block[0].startswith('meta_graphs {')
        graphs += is_graph
        if not is_graph:
            lines += block
        elif graphs == number:
            lines += [line for part in _blocks(block, '  ') if not _is_signature(part, left_out) for line in part]
    result = ''.join(lines)
    try:
        return result if schema.parse_text('SavedModel', result) == expected else None
    except ValueError:
        return None


def _blocks(lines: list[str], indent: str) -> list[list[str]]:
    """The lines, those of a message at this depth together."""
    blocks: list[list[str]] = []
    is_open = False
    for line in lines:
        if is_open:
            blocks[-1].append(line)
            is_open = line.rstrip() != indent + '}'
        else:
            blocks.append([line])
            is_open = line.rstrip().endswith('{') and line.startswith(indent) and line[len(indent) :][:1] != ' '
    return blocks


def _is_signature(block: list[str], keys: Collection[str]) -> bool:
    """Whether it is the map's entry of one of these. A key that text spells otherwise is not found, and so not lost."""
    return block[0].rstrip() == '  signature_def {' and any(
        line.rstrip() == f'    key: "{key}"' for line in block for key in keys
    )
