"""Renders a verification for a terminal, as plain lines."""

from __future__ import annotations

from migrate.verify.results import OutputResult, SignatureResult, Verdict, Verification

_FINE = (Verdict.IDENTICAL, Verdict.EQUAL)
_INDENT = '    '


def render(verification: Verification) -> list[str]:
    """One line per signature, then what isn't fine about each, then the verdict."""
    signatures = verification.signatures
    width = max((len(result.key) for result in signatures), default=0)
    lines = [f'old  {_side(verification, "old")}', f'new  {_side(verification, "new")}']
    lines += ['', *(_signature(result, width) for result in signatures)] if signatures else []
    details = _details(signatures)
    lines += ['', *details] if details else []
    if verification.contract:
        lines += ['', *(f'{each.where} {each.message}{_mark(each.breaking)}' for each in verification.contract)]
    return [*lines, '', f'{verification.verdict.value}: {verification.message}']


def _side(verification: Verification, name: str) -> str:
    side = verification.old if name == 'old' else verification.new
    return f'{side.path}  (TensorFlow {side.tensorflow}, Python {side.python})' if side.tensorflow else side.path


def _signature(result: SignatureResult, width: int) -> str:
    parts = [f'{result.key:<{width}}', f'{result.verdict.value:<12}', _method_names(result)]
    parts.append(f'{result.cases} case{"" if result.cases == 1 else "s"}')
    largest = _largest_difference(result)
    return '  '.join([*parts, largest]).rstrip()


def _method_names(result: SignatureResult) -> str:
    old, new = (_short(name) for name in (result.old_method_name, result.new_method_name))
    return old if old == new else f'{old} -> {new}'


def _short(method_name: str) -> str:
    return method_name.removeprefix('tensorflow/serving/') or '-'


def _largest_difference(result: SignatureResult) -> str:
    """The output with the largest difference, seen against the size of its values."""
    numbers = [output for output in result.outputs if output.max_abs_difference]
    if not numbers:
        return ''
    output = max(numbers, key=_relative)
    return f'largest difference {output.max_abs_difference:.3g} (values up to {output.max_magnitude or 0.0:.3g})'


def _relative(output: OutputResult) -> float:
    return (output.max_abs_difference or 0.0) / (output.max_magnitude or 1.0)


def _details(signatures: tuple[SignatureResult, ...]) -> list[str]:
    """What a person should know of each; those of which the same is to be said share a paragraph."""
    keys: dict[tuple[str, ...], list[str]] = {}
    for result in signatures:
        about = tuple(_about(result))
        if about:
            keys.setdefault((result.verdict.value, *about), []).append(result.key)
    paragraphs = [[f'{", ".join(of)}: {about[0]}', *about[1:]] for about, of in keys.items()]
    return [line for paragraph in paragraphs for line in paragraph]


def _about(result: SignatureResult) -> list[str]:
    """All where it isn't fine, else only what differs in the contract and what the verdict does not cover."""
    contract = [each for each in result.contract if each.message != result.message]
    lines = [f'{_INDENT}{_without_key(each.where)}{each.message}{_mark(each.breaking)}' for each in contract]
    lines += [f'{_INDENT}{note}' for note in result.notes]
    if result.verdict in _FINE:
        return lines
    inputs = [f'{_INDENT}inputs {result.inputs}'] if result.cases else []
    outputs = [line for output in result.outputs for line in _output(output)]
    return [f'{_INDENT}{result.message}', *lines, *inputs, *outputs]


def _without_key(where: str) -> str:
    """`input "x" ` of `signature "predict", input "x"`: the paragraph says which signature."""
    _, _, rest = where.rpartition('", ')
    return f'{rest} ' if rest != where else ''


def _output(output: OutputResult) -> list[str]:
    if output.verdict in _FINE:
        return []
    lines = [f'{_INDENT}output "{output.name}" {output.dtype} {output.shape}: {output.verdict.value}; {output.message}']
    worst = output.worst
    if worst is not None and worst.old != worst.new:
        place = f' at {list(worst.index)}' if worst.index else ''
        lines.append(f'{_INDENT * 2}case "{worst.case}"{place}: old {worst.old}, new {worst.new}')
    return [*lines, *(f'{_INDENT * 2}{line}' for line in output.explanation)]


def _mark(breaking: bool) -> str:
    return ' [breaks clients]' if breaking else ''
