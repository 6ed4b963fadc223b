"""What is left out of an old model before TensorFlow 2 loads it, and what must not be."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import text_format  # type: ignore[import-untyped]

from migrate.convert.parts import parts_of
from migrate.convert.refusal import Refusal
from migrate.saved_model.reading import read_saved_model
from tests.migrate.saved_model.messages import FLOAT, add_placeholder, saved_model

SERVED = {'serving_default': {'inputs': {'x': (FLOAT, [-1])}, 'outputs': {'y': (FLOAT, [-1])}}}


@pytest.fixture
def model() -> Any:
    message = saved_model(SERVED)
    add_placeholder(message, 'x', FLOAT, [-1])
    add(message, 'y', 'Neg', 'x')
    return message


def add(message: Any, name: str, op: str, *inputs: str) -> Any:
    node = message.meta_graphs[0].graph_def.node.add(name=name, op=op)
    node.input.extend(inputs)
    return node


def nodes_left(folder: Path, message: Any, without: Iterable[str] = ()) -> list[str]:
    (folder / 'old').mkdir()
    (folder / 'parts').mkdir()
    (folder / 'old' / 'saved_model.pb').write_bytes(message.SerializeToString())
    (part, *_), _ = parts_of(folder / 'old', frozenset(without), folder / 'parts')
    return [node.name for node in read_saved_model(part.model).meta_graphs[0].graph_def.node]


class TestForeignOps:
    def test_that_no_signature_needs_go_with_what_hangs_on_them(self, tmp_path: Path, model: Any) -> None:
        add(model, 'beside', 'MyOwnOp', 'x')
        add(model, 'behind', 'Neg', 'beside:1')
        add(model, 'waits', 'NoOp', '^behind')
        add(model, 'apart', 'Neg', 'x')
        model.meta_graphs[0].collection_def['summaries'].node_list.value.extend(['behind:0', 'apart:0'])
        assert nodes_left(tmp_path, model) == ['x', 'y', 'apart']
        left = read_saved_model(tmp_path / 'parts' / 'meta-graph-0').meta_graphs[0]
        assert list(left.collection_def['summaries'].node_list.value) == ['apart:0']

    def test_of_a_signature_that_is_left_out(self, tmp_path: Path, model: Any) -> None:
        add(model, 'bad', 'MyOwnOp', 'x')
        signatures = model.meta_graphs[0].signature_def
        signatures['bad'].CopyFrom(signatures['serving_default'])
        signatures['bad'].outputs['y'].name = 'bad:0'
        assert nodes_left(tmp_path, model, without=['bad']) == ['x', 'y']

    def test_in_functions(self, tmp_path: Path, model: Any) -> None:
        library = model.meta_graphs[0].graph_def.library
        for name, op in (('outer', 'inner'), ('inner', 'MyOwnOp'), ('fine', 'Neg')):
            function = library.function.add()
            function.signature.name = name
            function.node_def.add(name='call', op=op)
        add(model, 'calls', 'PartitionedCall', 'x').attr['f'].func.name = 'outer'
        assert nodes_left(tmp_path, model) == ['x', 'y']
        left = read_saved_model(tmp_path / 'parts' / 'meta-graph-0').meta_graphs[0].graph_def.library
        assert [function.signature.name for function in left.function] == ['fine']

    @pytest.mark.parametrize('how', ['signature', 'input', 'saver', 'init op', 'init signature', 'variable'])
    def test_that_something_needs_stay(self, tmp_path: Path, model: Any, how: str) -> None:
        graph = model.meta_graphs[0]
        add(model, 'own', 'MyOwnOp')
        if how == 'signature':
            next(node for node in graph.graph_def.node if node.name == 'y').input[:] = ['own']
        elif how == 'input':
            graph.signature_def['serving_default'].inputs['x'].name = 'own:0'
        elif how == 'saver':
            add(model, 'save/SaveV2', 'SaveV2', 'own')
        elif how == 'init op':
            graph.collection_def['saved_model_main_op'].node_list.value.append('own')
        elif how == 'init signature':
            graph.signature_def['__saved_model_init_op'].outputs['__saved_model_init_op'].name = 'own'
        else:  # a VariableDef, whose initial value comes from it
            graph.collection_def['variables'].bytes_list.value.append(b'\x0a\x03w:0\x12\x05own:0')
        assert nodes_left(tmp_path, model) == ['x', 'y', 'own', *(['save/SaveV2'] if how == 'saver' else [])]

    def test_nothing_is_left_out_where_all_is_known(self, tmp_path: Path, model: Any) -> None:
        add(model, 'beside', 'PyFunc', 'x')
        assert nodes_left(tmp_path, model) == ['x', 'y', 'beside']
        assert not list((tmp_path / 'parts').iterdir())


class TestText:
    @pytest.fixture
    def text(self, model: Any) -> str:
        """With two tag sets, a field that is not known here, and text that looks like the format itself."""
        model.meta_graphs.add().CopyFrom(model.meta_graphs[0])
        graph = model.meta_graphs[1]
        graph.meta_info_def.tags[:] = ['gpu']
        graph.signature_def['bad'].CopyFrom(graph.signature_def['serving_default'])
        graph.signature_def['bad'].method_name = 'x"\n}\nmeta_graphs {\n  signature_def {\n'
        head, end = text_format.MessageToString(model).rsplit('}\n', 1)
        assert not end
        return head + '  saver_def {\n    filename_tensor_name: "save/Const:0"\n  }\n}\n'

    def parts(self, folder: Path, text: str, without: Iterable[str] = ()) -> list[str]:
        (folder / 'old').mkdir()
        (folder / 'parts').mkdir()
        (folder / 'old' / 'saved_model.pbtxt').write_text(text, encoding='utf-8')
        parts, _ = parts_of(folder / 'old', frozenset(without), folder / 'parts')
        return [(part.model / 'saved_model.pbtxt').read_text(encoding='utf-8') for part in parts]

    def test_each_tag_set_has_all_its_fields(self, tmp_path: Path, text: str) -> None:
        serve, gpu = self.parts(tmp_path, text)
        assert 'tags: "serve"' in serve
        assert 'saver_def' not in serve
        assert 'saver_def {\n    filename_tensor_name: "save/Const:0"' in gpu
        assert 'tags: "serve"' not in gpu

    def test_without_a_signature(self, tmp_path: Path, text: str) -> None:
        _, gpu = self.parts(tmp_path, text, without=['bad'])
        assert 'key: "bad"' not in gpu
        assert 'key: "serving_default"' in gpu

    @pytest.mark.parametrize('change', [('meta_graphs {', 'meta_graphs: <'), ('\n', ' ')])
    def test_that_is_laid_out_otherwise_is_refused(self, tmp_path: Path, text: str, change: tuple[str, str]) -> None:
        changed = text.replace(*change)
        if '<' in change[1]:
            changed = '\n'.join('>' if line == '}' else line for line in changed.split('\n'))
        with pytest.raises(Refusal, match='written as text'):
            self.parts(tmp_path, changed)
