"""The one function of this room: `rename` decides about every TensorFlow name of a module, and edits in place."""

from __future__ import annotations

import ast
import re
from collections import Counter
from typing import TypeGuard

from rewriters import symbol_table, symbol_table_source
from rewriters.findings import Finding, Place
from rewriters.names import by_string, by_value, contrib_homes, elsewhere, f_strings, imports, standalone_keras
from rewriters.names.decide import (
    KEEP,
    Action,
    Decision,
    decide,
    decide_symbol,
    is_only_in_v1,
    proves_tensorflow_1,
    public_name,
    stays,
)
from rewriters.names.imports import Imported
from rewriters.names.keras_switch import VARIABLE, switch_to_keras_2
from rewriters.names.places import Edit, Locator
from rewriters.names.report import Report
from rewriters.names.uses import COMPAT_V1, TENSORFLOW, Found, Use, find_uses, spelled_at
from rewriters.options import LAST_WITH_ESTIMATOR, NEWEST_TARGET, Version
from rewriters.symbol_table import Symbol
from rewriters.symbols import Symbols

_SOURCE_PACKAGES = ('python', 'core')
_SESSIONS = frozenset({'InteractiveSession', 'Session'})


def rename(
    source: str, symbols: Symbols, version: Version = NEWEST_TARGET
) -> tuple[list[Edit], list[Finding]]:
    """The edits that make every TensorFlow 1 name of `source` work in TensorFlow `version`, and what to tell a person.

    Edits don't overlap and are sorted. Renaming the result again changes nothing.
    """
    return _Renamer(source, symbols, find_uses(symbols), version).run()


class _Renamer:
    def __init__(self, source: str, symbols: Symbols, found: Found, version: Version) -> None:
        self.source = source
        self.symbols = symbols
        self.found = found
        self.version = version
        self.locator = Locator(source)
        self.edits: list[Edit] = []
        self.report = Report(VARIABLE in source or version <= LAST_WITH_ESTIMATOR)
        self.in_f_strings: dict[ast.JoinedStr, list[tuple[Use, Decision, str]]] = {}
        self.left: Counter[str] = Counter()
        """How often each name is used that an import binds to something that is gone."""
        self.gone_imports: list[tuple[Place, Imported]] = []
        self.is_v1_file = self._is_v1_file()
        named = {use.qualified for use in found.uses}
        self.uses_compat_v1 = any(name.startswith(COMPAT_V1 + '.') for name in named)
        self.opens_session = any((public_name(name) or ('',))[0] in _SESSIONS for name in named)

    def run(self) -> tuple[list[Edit], list[Finding]]:
        for statement in self.found.imports:
            self._import(statement)
        for use in self.found.uses:
            if not (use.head in (TENSORFLOW, COMPAT_V1) and stays(use.qualified)):
                self._use(use)
        for place, name in self.gone_imports:
            uses = self.left[name.bound] + len(self.found.name_calls.get(name.bound, ()))
            is_counted = name.alias.name != '*' and '.' not in name.bound
            self.report.gone(place, name.decision.symbol, name.qualified, name.bound, uses if is_counted else None)
        for lookup in by_string.find_lookups(self.symbols):
            self._lookup(lookup)
        self._elsewhere()
        self._standalone_keras()
        for node, qualified in self.found.unclear:
            if is_only_in_v1(qualified):
                self.report.unclear(self.locator.place(node), _words(node)[0], qualified)
                break
        for f_string, renamed in self.in_f_strings.items():
            self._f_string(f_string, renamed)
        if self.report.needs_keras_2:
            switch = switch_to_keras_2(self.symbols.walk, self.locator)
            self.edits += [switch] if switch is not None else []
            self.report.keras_2(is_switched=switch is not None)
        return sorted(self.edits), sorted(self.report.findings, key=lambda finding: finding.sort_key)

    def _is_v1_file(self) -> bool:
        if any(proves_tensorflow_1(use) for use in self.found.uses):
            return True
        for statement in self.found.imports:
            for name in imports.imported_names(statement, False, self.found):
                meant = imports.symbol_of(name.qualified)
                if meant and not meant[1] and meant[0].only_in_v1:
                    return True
        return False

    # -- import statements ---------------------------------------------------------------------------------------

    def _import(self, statement: ast.Import | ast.ImportFrom) -> None:
        names = [
            name._replace(decision=self._if_allowed(name.decision))
            for name in imports.imported_names(statement, self.is_v1_file, self.found, self.version)
        ]
        if imports.is_star(statement) and isinstance(statement, ast.ImportFrom):
            hidden = elsewhere.hidden_by_star(statement, self.symbols)
            is_gone = names[0].decision.action is Action.GONE
            if statement.module == TENSORFLOW or (hidden is not None and not is_gone):
                self.report.star_import(self.locator.place(statement), statement.module or '', hidden)
        for name in names:
            if name.decision.action is Action.GONE:
                self.gone_imports.append((self._alias_place(statement, name), name))
            elif imports.is_gone_from_source(name.qualified):
                self.report.gone_from_source(self._alias_place(statement, name), name.qualified)
            elif _is_keras(name.decision.symbol):
                self._keras(self._alias_place(statement, name), name.decision.symbol, name.qualified)
        renamed = [name for name in names if name.decision.action is Action.RENAME]
        if not renamed:
            return
        start, end = self.locator.span(statement)
        text = self.source[start:end]
        new_text = imports.rewritten(statement, names, text, self._stands_alone(start, end))
        if new_text is None:
            for name in renamed:
                self.report.not_edited(self._alias_place(statement, name), name.decision, name.qualified)
        else:
            self.edits.append(Edit(start, end, self._indented(new_text, start)))

    def _alias_place(self, statement: ast.Import | ast.ImportFrom, name: Imported) -> Place:
        return self.locator.place(statement if name.alias.name == '*' else name.alias)

    def _stands_alone(self, start: int, end: int) -> bool:
        """Whether nothing but space stands before the statement, and nothing but space or a comment after it."""
        before = self._line_start(start)
        after = self.source[end:].splitlines()[:1]
        return not before.strip() and (not after or after[0].strip()[:1] in ('', '#'))

    def _line_start(self, offset: int) -> str:
        begin = max(self.source.rfind('\n', 0, offset), self.source.rfind('\r', 0, offset)) + 1
        return self.source[begin:offset]

    def _indented(self, text: str, start: int) -> str:
        return text if text in self.source else text.replace('\n', self.locator.newline + self._line_start(start))

    # -- dotted names --------------------------------------------------------------------------------------------

    def _use(self, use: Use) -> None:
        if self._is_settled_where_bound(use):
            symbol = decide(use, self.is_v1_file, False, self.version).symbol
            is_gone = self._bound_decision(use.head).action is Action.GONE
            if symbol is not None and symbol.kind == 'keras2' and not is_gone:
                self.report.uses_keras_2(self._place(use), symbol)
            return
        if imports.is_deep(use.head) or use.qualified.split('.')[1] in _SOURCE_PACKAGES:
            self._source_use(use)
            return
        decision = decide(use, self.is_v1_file, self.uses_compat_v1, self.version)
        decision = self._if_allowed(decision)
        if decision.action is Action.GONE:
            self.report.gone(self._place(use), decision.symbol, use.qualified)
            return
        if _is_keras(decision.symbol):
            self._keras(self._place(use), decision.symbol, use.qualified)
        if decision.action is Action.RENAME:
            self._rename(use, decision)
        elif decision.action is Action.AMBIGUOUS:
            self.report.ambiguous(self._place(use), decision, use.spelled)

    def _if_allowed(self, decision: Decision) -> Decision:
        """The decision, or that the symbol is gone where the file says something that its new home can't do."""
        is_allowed = not decision.unless or not re.search(decision.unless, self.source)
        return decision if is_allowed else Decision(Action.GONE, decision.symbol)

    def _is_settled_where_bound(self, use: Use) -> bool:
        """Whether the import or assignment that bound the first word was renamed or reported, and so this use too."""
        if use.head in (TENSORFLOW, COMPAT_V1):
            return False
        bound = self._bound_decision(use.head)
        if bound.action is Action.KEEP:
            return bound.symbol is not None and bound.symbol.kind == 'keras2'
        child = decide(use, self.is_v1_file, False, self.version)
        if bound.action is not Action.GONE:
            return child.action is not Action.GONE
        if child.action is Action.RENAME and spelled_at(use, child.target, self.symbols) is not None:
            return False  # what it was imported from is gone, but it has a home
        self.left[use.words[0]] += 1
        return True

    def _bound_decision(self, head: str) -> Decision:
        meant = imports.symbol_of(head, self.version)
        if meant is None:
            return KEEP
        symbol, spelled_v1 = meant
        if symbol.kind == 'gone':
            return Decision(Action.GONE, symbol)
        if spelled_v1 or (symbol.kind in ('changed', 'keras') and not self.is_v1_file):
            return Decision(Action.KEEP, symbol)
        return decide_symbol(symbol)

    def _source_use(self, use: Use) -> None:
        """A use of TensorFlow's own source: what is there may stay, but not as `tf.python`."""
        if use.head == TENSORFLOW:  # not even after `import tensorflow.python…`
            self.report.source_attribute(self._place(use), use.spelled)
        elif not imports.is_gone_from_source(use.head):
            words = use.qualified.split('.')
            size = use.head.count('.') + 1
            while size < len(words) and symbol_table_source.is_module('.'.join(words[: size + 1])):
                size += 1
            name = '.'.join(words[: size + 1])  # attributes of what the module holds are not its names
            if imports.is_gone_from_source(name) and symbol_table_source.is_module('.'.join(words[:size])):
                self.report.gone_from_source(self._place(use), name)

    def _rename(self, use: Use, decision: Decision) -> None:
        base = spelled_at(use, decision.target, self.symbols)
        node = _prefix(use, decision)
        named = [] if use.call is None else contrib_homes.argument_edits(use.call, decision.keywords, self.locator)
        if named is None or (named and use.f_string is not None):
            self.report.gone(self._place(use), decision.symbol, use.qualified)
            return
        if base is None or node is None:
            self.report.not_edited(self._place(use), decision, use.qualified)
            return
        new = f'{base[0]}.{base[1]}'
        if use.f_string is not None:
            self.in_f_strings.setdefault(use.f_string, []).append((use, decision, new))
            return
        start, end = self.locator.span(node)
        old = '.'.join(_words(node))
        if ''.join(self.source[start:end].replace('\\', '').split()) != old:
            self.report.not_edited(self._place(use), decision, use.qualified)
        else:
            self.edits += [Edit(start, end, new), *named]

    def _f_string(self, node: ast.JoinedStr, renamed: list[tuple[Use, Decision, str]]) -> None:
        start, end = self.locator.span(node)
        pairs = []
        for use, decision, new in renamed:
            prefix = _prefix(use, decision)
            pairs.append(('.'.join(_words(prefix)) if prefix else '', new))
        text = f_strings.replaced(self.source[start:end], pairs)
        if text is None:
            for use, decision, _ in renamed:
                self.report.not_edited(self._place(use), decision, use.qualified)
        else:
            self.edits.append(Edit(start, end, text))

    # -- names without an import, or without a dotted name ---------------------------------------------------------

    def _elsewhere(self) -> None:
        for handed_on in elsewhere.find_handed_on(self.symbols):
            self.report.handed_on(self.locator.place(handed_on.uses[0][0]), handed_on)
        for statement, module in elsewhere.imports_of_inner_packages(self.symbols):
            if self.version > LAST_WITH_ESTIMATOR or not module.startswith('tensorflow_estimator'):
                self.report.inner_package(self.locator.place(statement), module)
        values = by_value.find_values(self.symbols)
        if values:
            self.report.by_value(self.locator.place(values[0]), values[0].id, len(values) - 1)
        for offset, qualified in by_string.named_in_strings(self.source):
            self.report.in_string(self.locator.place_at(offset, len(qualified)), qualified)

    def _standalone_keras(self) -> None:
        """Keras by its own name, in code that was written for Keras 2: its sessions show that as well."""
        if self.version <= LAST_WITH_ESTIMATOR or 'keras' not in self.source:
            return
        gone = standalone_keras.find_gone(self.symbols)
        imported = standalone_keras.find_imports(self.symbols)
        is_old = self.is_v1_file or self.uses_compat_v1 or standalone_keras.has_session(self.symbols)
        if gone and is_old:
            self.report.gone_from_keras(self.locator.place(gone[0][0]), [name for _, name in gone])
        elif imported and (self.is_v1_file or self.opens_session):
            self.report.standalone_keras(self.locator.place(imported[0]))

    def _lookup(self, lookup: by_string.Lookup) -> None:
        """`getattr(tf, 'Session')` is edited like `tf.Session`; where the name is computed, one can only tell."""
        place = self.locator.place(lookup.call)
        span = self.locator.span(lookup.call.args[0])
        is_renamed = any((edit.start, edit.end) == span for edit in self.edits)
        if lookup.name is None:
            module = lookup.module.removeprefix(TENSORFLOW).strip('.')
            if self.is_v1_file and not is_renamed and symbol_table.holds_news(module):
                self.report.computed(place, ast.unparse(lookup.call))
            return
        qualified = f'{lookup.module}.{lookup.name}'
        words = (*_words(lookup.call.args[0]), lookup.name)
        node = ast.copy_location(ast.Attribute(lookup.call.args[0], lookup.name, ast.Load()), lookup.call)
        use = Use(node, words, lookup.module.removesuffix('.'.join(('', *words[1:-1]))), qualified, None, False, None)
        decision = decide(use, self.is_v1_file, self.uses_compat_v1, self.version)
        if decision.action is Action.GONE:
            self.report.gone(place, decision.symbol, qualified)
        elif is_renamed or self._is_settled_where_bound(use):
            return  # the module has become that of compat.v1, and has the name
        elif decision.action is Action.RENAME:
            base = spelled_at(use, decision.target, self.symbols)
            edits = by_string.lookup_edits(lookup, '.'.join(base), self.locator) if base is not None else None
            is_whole = decision.symbol is not None and public_name(qualified) == (decision.symbol.name, False)
            if edits is None or not is_whole or len(lookup.call.args) > 2:
                self.report.not_edited(place, decision, qualified)
            else:
                self.edits += edits

    def _place(self, use: Use) -> Place:
        return self.locator.place(use.f_string or use.node)

    def _keras(self, place: Place, symbol: Symbol, qualified: str) -> None:
        if symbol.kind == 'keras2':
            self.report.uses_keras_2(place, symbol)
        elif 'keras' not in symbol.target.split('.'):
            return  # TensorFlow 1 had it outside of Keras as well
        elif self.opens_session:  # Keras 3 runs no model in a session, and builds none in a graph
            self.report.uses_keras_2(place, symbol)
        elif self.is_v1_file or qualified.startswith(COMPAT_V1):
            self.report.keras_3(place)


def _is_keras(symbol: Symbol | None) -> TypeGuard[Symbol]:
    """Whether the symbol belongs to a generation of Keras."""
    return symbol is not None and symbol.kind in ('keras', 'keras2')


def _prefix(use: Use, decision: Decision) -> ast.Attribute | None:
    """The part of the use that means the symbol: `tf.Session` of `tf.Session.run`."""
    named = public_name(use.qualified)
    if decision.symbol is None or named is None:
        return None
    surplus = named[0].count('.') - decision.symbol.name.count('.')
    node: ast.expr = use.node
    for _ in range(surplus):
        if not isinstance(node, ast.Attribute):
            return None
        node = node.value
    return node if isinstance(node, ast.Attribute) else None


def _words(node: ast.expr) -> list[str]:
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        words.append(node.attr)
        node = node.value
    return [node.id, *reversed(words)] if isinstance(node, ast.Name) else []
