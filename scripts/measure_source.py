"""Measures which of TensorFlow's own source modules are still there, and writes rewriters/symbol_table_source.tsv.

People import from `tensorflow.python` although it is not public. Run `dump` where each version is installed:

    python measure_source.py dump tf115_source.json
    python measure_source.py dump tf221_source.json
    python measure_source.py merge tf115_source.json tf221_source.json tf115.json rewriters/symbol_table_source.tsv

tf115.json comes from measure_symbols.py. A line of the table names a module of 2.21, without `tensorflow.`, and what
1.15.5 had in it and 2.21 has not. A line that starts with `-` names something else that is gone, and its public name.
Merge under 2.21, which is asked for the names that its source doesn't show.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import json
import pathlib
import sys

PACKAGES = ('python', 'core', 'compiler', 'tools', 'examples')
SKIPPED = ('test', 'tests', 'testdata')


def dump(path):
    """Lists the modules below tensorflow.python and so on, and the names at their top level, without importing them."""
    root = tensorflow_folder()
    modules = {}
    for package in PACKAGES:
        for file in sorted((root / package).rglob('*')):
            if file.suffix in ('.py', '.so'):
                relative = file.relative_to(root)
                words = [*relative.parts[:-1], relative.name.split('.')[0]]
                words = words[:-1] if words[-1] == '__init__' else words
                if not any(word in SKIPPED or word.endswith('_test') for word in words):
                    modules['.'.join(words)] = top_level_names(file) if file.suffix == '.py' else []
    with open(path, 'w', encoding='utf-8') as output:
        json.dump(modules, output, indent=0, sort_keys=True)
    print(path, len(modules))


def tensorflow_folder():
    for name in ('tensorflow_core', 'tensorflow'):
        spec = importlib.util.find_spec(name)
        if spec and spec.submodule_search_locations:
            return pathlib.Path(next(iter(spec.submodule_search_locations)))
    raise SystemExit('TensorFlow is not installed here')


def top_level_names(file):
    """The names that a module binds, also below `if` and `try`; '*' where it imports everything from elsewhere."""
    names = set()
    pending = list(ast.parse(file.read_bytes()).body)
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            if getattr(node, 'module', '') != '__future__':
                names.update(alias.asname or alias.name.split('.')[0] for alias in node.names)
        elif isinstance(node, (ast.If, ast.Try, ast.With)):
            pending += node.body + getattr(node, 'orelse', [])
            for handler in getattr(node, 'handlers', []):
                pending += handler.body
        else:
            names.update(name.id for name in ast.walk(node) if isinstance(name, ast.Name) and is_bound(name))
    return sorted(names)


def is_bound(name):
    return isinstance(name.ctx, ast.Store)


def merge(old_path, new_path, symbols_path, out_path):
    """Writes the modules of 2.21 with what they lost, and the public names of what is gone."""
    old, new, symbols = (
        json.loads(pathlib.Path(path).read_text('utf-8')) for path in (old_path, new_path, symbols_path)
    )
    lines = []
    gone = set()
    for module, names in new.items():
        # Protocol buffers make their names as they run; what comes by `import *` only TensorFlow itself can tell.
        is_unknown = module.endswith('_pb2') or ('*' in names and not module.startswith('python.'))
        lost = set() if is_unknown else set(old.get(module, ())) - set(names) - {'*'}
        lost |= {name for name in submodules(old, module) if f'{module}.{name}' not in new}
        lost = {name for name in lost if not name.startswith('__') and not is_there(module, name)}
        gone |= {f'{module}.{name}' for name in lost}
        lines.append('\t'.join([module, '|'.join(sorted(lost))]).rstrip('\t'))
    gone |= {f'{module}.{name}' for module in set(old) - set(new) for name in old[module]}
    for origin, public in sorted(public_names(symbols['symbols']['tensorflow']).items()):
        if origin in gone:
            lines.append(f'-{origin}\t{public}')
    pathlib.Path(out_path).write_bytes(('\n'.join(sorted(lines)) + '\n').encode())
    print(out_path, len(lines))


def submodules(modules, package):
    """The last words of the modules that stand right in a package."""
    return {name.rpartition('.')[2] for name in modules if name.rpartition('.')[0] == package}


def is_there(module, name):
    """Whether TensorFlow 2 has the name after all: some modules make names as they run."""
    if not module.startswith('python.'):
        return False  # tools are scripts, which run when they are imported
    try:
        return hasattr(importlib.import_module(f'tensorflow.{module}'), name)
    except Exception:
        return False


def public_names(symbols):
    """The shortest public name by where the object was defined, without `tensorflow.`."""
    result = {}
    for name in sorted(symbols, key=lambda name: (name.count('.'), len(name), name)):
        origin = symbols[name].get('origin', '')
        if not name.startswith('contrib.') and origin.startswith(('tensorflow.', 'tensorflow_core.')):
            result.setdefault(origin.partition('.')[2], name)
    return result


if __name__ == '__main__':
    if sys.argv[1:2] == ['dump'] and len(sys.argv) == 3:
        dump(sys.argv[2])
    elif sys.argv[1:2] == ['merge'] and len(sys.argv) == 6:
        merge(*sys.argv[2:])
    else:
        sys.exit(__doc__)
