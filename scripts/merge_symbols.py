"""Merges what measure_symbols.py listed under three TensorFlows into rewriters/symbol_table.tsv.

    python measure_symbols.py merge 1.15.json 2.15.json 2.21.json 2.21_with_keras_2.json rewriters/symbol_table.tsv

One line says what became of one public symbol of TensorFlow 1.15.5. Its columns, the empty ones at the end left out:

    name      without `tensorflow.`
    kind      see rewriters/symbol_table.py
    shape     module, class, function or constant
    target    where the same object lives now, without `tensorflow.`; for `gone`, the last version that had it
    home      a TensorFlow 2 name that means the same for some calls
    v1, v2    the arguments of the symbol in 1.15.5 and of `home` in 2.21, separated by `|`
"""

import json

CONTRIB = 'contrib.'
COMPAT = 'compat.v1.'
SHUNNED = ('raw_ops', 'experimental', 'keras', 'numpy')
DEAD = ('keras.estimator',)
"""Still there by name, but of no use without tensorflow_estimator, which TF 2.16 and later can't load."""
HEADER = '# Written by scripts/measure_symbols.py from TensorFlow {}. Do not edit.\n'


def merge(old_path, middle_path, new_path, legacy_path, out_path):
    """Classifies every symbol of 1.15.5 and writes the table."""
    dumps = [load(path) for path in (old_path, middle_path, new_path, legacy_path)]
    table = Merger(*(dump['symbols'] for dump in dumps)).table()
    with open(out_path, 'w', encoding='utf-8', newline='\n') as file:
        file.write(HEADER.format(', '.join(dump['version'] for dump in dumps[:3])))
        for name in sorted(table):
            file.write('\t'.join((name, *table[name])).rstrip('\t') + '\n')
    counts = {}
    for row in table.values():
        counts[row[0]] = counts.get(row[0], 0) + 1
    print(len(table), dict(sorted(counts.items())))


def load(path):
    with open(path, encoding='utf-8') as file:
        return json.load(file)


def same(left, right):
    """Whether two entries of one dump mean the same object, or one of them only wraps the other."""
    if left['kind'] != right['kind'] or left['kind'] in ('module', 'broken'):
        return False
    if 'object' not in left:
        return left.get('value') == right.get('value') and 'object' not in right
    if left['object'] == right['object']:
        return True
    wraps = right['object'] in left.get('wraps', ()) or left['object'] in right.get('wraps', ())
    return wraps and left['signature'] == right['signature']


class Merger:
    """Knows the symbols of each version, and finds out what became of one."""

    def __init__(self, old, middle, new, legacy):
        self.old = old['tensorflow']
        self.middle = middle
        self.v2, self.v1 = (working(new[root]) for root in ('tensorflow', 'tensorflow.compat.v1'))
        self.v2_keras, self.v1_keras = (working(legacy[root]) for root in ('tensorflow', 'tensorflow.compat.v1'))
        self.v2_by_key, self.v1_by_key = by_key(self.v2), by_key(self.v1)
        core = {name: entry for name, entry in self.old.items() if not name.startswith(CONTRIB)}
        self.old_core_by_object = by_key(core)
        self.unimportable = unimportable(new['tensorflow'], '') | unimportable(legacy['tensorflow.compat.v1'], COMPAT)

    def table(self):
        rows = {name: self.row(name) for name in self.old if self.old[name]['kind'] != 'module'}
        for name in sorted(self.old, reverse=True):  # children before their parents
            if self.old[name]['kind'] == 'module':
                rows[name] = self.module_row(name, rows)
        for name in self.unimportable:
            rows.setdefault(name + '!', ('noimport',))
        return rows

    def row(self, name):
        entry = self.old[name]
        kind, target, home = self.classify(name)
        row = [kind, entry['kind'], '' if target == name else target, '' if home == name else home]
        if home and entry.get('signature') is not None and self.v2[home].get('signature') is not None:
            row += ['|'.join(entry['signature']), '|'.join(self.v2[home]['signature'])]
        return tuple(row)

    def module_row(self, name, rows):
        children = [row for child, row in rows.items() if child.startswith(name + '.')]
        kind, target, _ = self.classify(name)
        if kind in ('changed', 'keras') and all(row[0] in ('same', 'keras') and not row[2] for row in children):
            kind, target = ('same' if kind == 'changed' else kind), ''
        return kind, 'module', '' if target == name else target

    def classify(self, name):
        """Gives (kind, target, home)."""
        if name == 'keras' or name.startswith('keras.'):
            return ('gone', '2.15', '') if name.startswith(DEAD) else self.classify_keras(name)
        if name in self.v1 and name in self.v2:
            if same(self.v1[name], self.v2[name]):
                return 'same', name, ''
            return 'changed', COMPAT + name, name
        if name in self.v1:
            return self.classify_v1(name)
        if name in self.v1_keras:
            return 'keras2', COMPAT + name, ''
        twin = self.twin(name)
        if twin is None:
            return 'gone', '2.15' if self.in_middle(name) else '1.15', ''
        kind, target, home = self.classify(twin)
        return {'same': 'moved', 'changed': 'v1'}.get(kind, kind), target, home

    def classify_keras(self, name):
        v1, v2 = self.v1_keras.get(name), self.v2_keras.get(name)
        if name.startswith('keras.initializers.') and self.twin(name):
            return 'keras', COMPAT + self.twin(name), ''  # TF1's own initializer, which needs no Keras
        if v1 and v2:
            return 'keras', name if same(v1, v2) else COMPAT + name, ''
        if v1:
            return 'keras2', COMPAT + name, ''
        return ('keras', name, '') if v2 else ('gone', '2.15' if self.in_middle(name) else '1.15', '')

    def classify_v1(self, name):
        """A symbol that only compat.v1 has under this name: has TF2 the same object under another one?"""
        entry = self.v1[name]
        if entry['kind'] == 'module':
            return 'v1', COMPAT + name, ''
        moved = self.best(name, [other for key in keys(entry) for other in self.v2_by_key.get(key, ())], self.is_move)
        if moved:
            return 'moved', moved, ''
        aliases = self.aliases(name)
        home = self.best(name, [other for other in aliases if other in self.v2 and other != name])
        near = [other for other in aliases if other.split('.')[0] == name.split('.')[0]]
        short = min(near or [name], key=lambda other: (other.count('.'), other != name, len(other), other))
        return 'v1', COMPAT + (short if short.count('.') < name.count('.') else name), home or ''

    def aliases(self, name):
        """The names in compat.v1 of the very same object. Simple values have no identity, hence no aliases."""
        entry = self.v1[name]
        return self.v1_by_key.get(('object', entry['object']), []) if 'object' in entry else []

    def is_move(self, name, candidate):
        """Whether `candidate`, a name of TF2, stands for what compat.v1 calls `name`, and always did."""
        if not same(self.v1[name], self.v2[candidate]) or candidate not in self.middle['tensorflow']:
            return False
        if candidate in self.v1 and not same(self.v1[candidate], self.v2[candidate]):
            return False  # a second run would take it for TF1's symbol of that name
        if 'object' in self.v1[name]:
            return True
        nearby = '.' not in name or candidate.split('.')[0] == name.split('.')[0]
        return nearby and candidate.split('.')[-1] == name.split('.')[-1]

    def best(self, name, candidates, accept=lambda name, candidate: True):
        """The candidate that a person would write: the same last word, the shortest path, no experiments."""

        def rank(candidate):
            words = candidate.split('.')
            return (
                any(word in SHUNNED for word in words),
                words[-1].lower() != name.lower().split('.')[-1],
                len(words),
                len(candidate),
                candidate,
            )

        accepted = sorted((c for c in set(candidates) if accept(name, c)), key=rank)
        return accepted[0] if accepted and not rank(accepted[0])[0] else None

    def twin(self, name):
        """The name outside of contrib and keras that 1.15.5 itself had for the same object."""
        entry = self.old[name]
        if not name.startswith((CONTRIB, 'keras.')) or 'object' not in entry:
            return None
        twins = self.old_core_by_object.get(('object', entry['object']), ())
        return self.best(name, twins, lambda _, twin: twin in self.v1 or twin in self.v1_keras)

    def in_middle(self, name):
        return any(name in symbols for symbols in self.middle.values())


def working(symbols):
    """Without those that raise when they are touched."""
    return {name: entry for name, entry in symbols.items() if entry['kind'] != 'broken'}


def keys(entry):
    """What to look an entry up by: its object and what that wraps, or its value."""
    if 'object' not in entry:
        return [('value', entry['value'])] if 'value' in entry else []
    return [('object', number) for number in (entry['object'], *entry.get('wraps', ()))]


def by_key(symbols):
    index = {}
    for name in sorted(symbols):
        for key in keys(symbols[name]):
            index.setdefault(key, []).append(name)
    return index


def unimportable(symbols, prefix):
    """What `from parent import name` can't reach: whole modules where nothing of them can be imported."""
    result = set()
    for name, entry in symbols.items():
        parent = name.rpartition('.')[0]
        if entry.get('unimportable'):
            siblings = [other for other in symbols if other.rpartition('.')[0] == parent]
            whole = parent and all(symbols[other].get('unimportable') for other in siblings)
            result.add(prefix + (f'{parent}.*' if whole else name))
    return result
