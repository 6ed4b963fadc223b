"""Reports made by hand: one as a team would get it, and one in which every text tries to break out of its format."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from migrate.convert.results import Conversion, TagSet
from migrate.report.model import ConvertedFolder, ConvertedModel, ModelProof, ProjectReport, Proof, Report
from migrate.report.sources import FileReport
from migrate.verify.results import (
    ContractDifference,
    OutputResult,
    Side,
    SignatureResult,
    Verdict,
    Verification,
    WorstElement,
)
from rewriters import Confidence, ExportSummary, Finding, PassedOver, Place

BEFORE = '''"""Serves a frozen graph."""

import tensorflow as tf


def load(graph_file):
    with tf.gfile.GFile(graph_file, 'rb') as f:
        graph_def = tf.GraphDef()
        graph_def.ParseFromString(f.read())
    return graph_def


def export_frozen(graph_file, export_dir):
    graph_def = load(graph_file)
    with tf.Session(graph=tf.Graph()) as sess:
        tf.import_graph_def(graph_def, name='')
        g = tf.get_default_graph()
        inp = g.get_tensor_by_name('x:0')
        out = g.get_tensor_by_name('y:0')
        builder = tf.saved_model.builder.SavedModelBuilder(export_dir)
        builder.add_meta_graph_and_variables(
            sess, [tf.saved_model.tag_constants.SERVING],
            signature_def_map={
                'serving_default': tf.saved_model.signature_def_utils.predict_signature_def({'in': inp}, {'out': out})})
        builder.save()


def describe(export_dir):
    """Prints what was exported, for a person."""
    for name in sorted(tf.gfile.ListDirectory(export_dir)):
        size = tf.gfile.Stat(name).length
        if size > 1024:
            print(name, size // 1024, 'kB')
        else:
            print(name, size, 'bytes')


def main():
    export_frozen('frozen.pb', 'export')
    describe('export')


if __name__ == '__main__':
    main()
'''

AFTER = '''"""Serves a frozen graph."""

import tensorflow as tf


def load(graph_file):
    with tf.io.gfile.GFile(graph_file, 'rb') as f:
        graph_def = tf.compat.v1.GraphDef()
        graph_def.ParseFromString(f.read())
    return graph_def


def export_frozen(graph_file, export_dir):
    graph_def = load(graph_file)

    class Serving(tf.Module):
        """Serves the frozen graph in `graph_file`."""

        def __init__(self):
            super().__init__()
            graph = tf.compat.v1.wrap_function(lambda: tf.graph_util.import_graph_def(graph_def, name=''), [])
            self._serving_default = graph.prune('x:0', {'out': 'y:0'})

        @tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32, name='in_')])
        def serving_default(self, in_):
            return self._serving_default(in_)

    module = Serving()
    tf.saved_model.save(module, export_dir, signatures={'serving_default': module.serving_default})


def describe(export_dir):
    """Prints what was exported, for a person."""
    for name in sorted(tf.io.gfile.listdir(export_dir)):
        size = tf.io.gfile.stat(name).length
        if size > 1024:
            print(name, size // 1024, 'kB')
        else:
            print(name, size, 'bytes')


def main():
    export_frozen('frozen.pb', 'export')
    describe('export')


if __name__ == '__main__':
    main()
'''

OLD_SIDE = 'TensorFlow 1.15.5, Python 3.7.17, exported afresh'
NEW_SIDE = 'TensorFlow 2.21.0, Python 3.11.7'


def place(line: int, end_line: int = 0) -> Place:
    return Place(line, 1, end_line or line, 20)


def output(name: str, verdict: Verdict, difference: float | None = 0.0, message: str = '', **more: Any) -> OutputResult:
    more = {'dtype': 'float32', 'shape': '[8, 10]', 'max_magnitude': 5.1, **more}
    return OutputResult(name, verdict, message, max_abs_difference=difference, **more)


def signature(key: str, verdict: Verdict, *outputs: OutputResult, **more: Any) -> SignatureResult:
    method = 'tensorflow/serving/predict'
    more = {
        'message': '',
        'old_method_name': method,
        'new_method_name': method,
        'cases': 3,
        'inputs': 'made from the graph: images float32 [8, 28, 28]',
        **more,
    }
    return SignatureResult(key, verdict, outputs=outputs, **more)


def proof(name: str, verdict: Verdict, message: str, *signatures: SignatureResult, **more: Any) -> Proof:
    contract = more.pop('contract', ())
    sides = Side('export/old', '1.15.5', '3.7.17'), Side('export/new', '2.21.0', '3.11.7')
    models = (
        (ModelProof('export/1', Verification(*sides, verdict, message, signatures, contract)),) if signatures else ()
    )
    return Proof(name, verdict, message, OLD_SIDE, NEW_SIDE, models, 'c0ffee' * 10 + 'beef', **more)


def team_report() -> Report:
    """Every verdict, every confidence, every state of a project and of a file."""
    projects = identical(), equal(), different(), incompatible(), inconclusive(), error(), stale(), not_proven()
    return Report('0.1.0', '2025-01-31T09:30', projects, conversions())


def identical() -> ProjectReport:
    results = [signature('serving_default', Verdict.IDENTICAL, output('out', Verdict.IDENTICAL))]
    findings = (
        Finding('SM101', Confidence.EQUIVALENT, place(20, 25), 'Written as a graph function: the graph is imported.'),
        Finding(
            'SM210',
            Confidence.REVIEW,
            place(18),
            'The shape of `x:0` is not in the source; it was taken to be [None, 3].',
            'Compare it with the frozen graph, or run `savedmodel-migrate prove`.',
        ),
    )
    site = ExportSummary(
        'builder',
        place(20, 25),
        'export_dir',
        (('serving_default', 'predict'),),
        'graph function',
        (PassedOver('tf.function', 'the graph of `path|name` is <imported>', place(18)),),
    )
    files = (
        FileReport('export_frozen.py', BEFORE, AFTER, findings, (site,)),
        FileReport('setup.py', 'pass\n', 'pass\n'),
        FileReport('frozen/__init__.py', '', ''),
    )
    message = 'One signature returned the same bits for 3 sets of inputs.'
    return ProjectReport('frozen', 'projects/frozen', files, proof('frozen', Verdict.IDENTICAL, message, *results))


def equal() -> ProjectReport:
    outputs = (
        output('scores', Verdict.EQUAL, 2.384e-7, worst=WorstElement('batch of 8', (5, 3), '0.10000149', '0.10000173')),
        output('classes', Verdict.IDENTICAL, None, dtype='string', shape='[8, 10]', max_magnitude=None),
    )
    method = 'tensorflow/serving/classify'
    results = (
        signature(
            'predict', Verdict.IDENTICAL, output('logits', Verdict.IDENTICAL), notes=('nothing is known of "x"',)
        ),
        signature('classify', Verdict.EQUAL, *outputs, old_method_name=method, new_method_name=method),
    )
    before = BEFORE.replace('import tensorflow as tf', 'import tensorflow as tf  # 日本語: モデルを書き出す')
    sites = (
        ExportSummary(
            'simple_save', place(8), "os.path.join(FLAGS.dir, '1')", (('predict', 'predict'),), 'tf.function'
        ),
        ExportSummary(
            'builder', place(20, 25), 'export_dir', (('predict', 'predict'), ('classify', 'classify')), 'session'
        ),
    )
    files = (FileReport('mnist/export.py', before, AFTER.removesuffix('\n'), (), sites),)
    message = 'Two signatures agree within tolerance.'
    return ProjectReport('mnist', 'projects/mnist', files, proof('mnist', Verdict.EQUAL, message, *results))


def different() -> ProjectReport:
    worst = WorstElement('batch of 64, random integers below 30,522', (12, 0), '3.2188758', '-1.0413872')
    message = '37 of 512 elements differ by more than the tolerance; a tolerance of 0.84 would have passed.'
    logits = output('logits', Verdict.DIFFERENT, 4.26, message, worst=worst)
    logits = replace(
        logits, explanation=('variable "rank/kernel" has other values <5>', 'it would pass with --atol 0.84')
    )
    results = (signature('serving_default', Verdict.DIFFERENT, logits, message='1 of 1 output differs.'),)
    whole = proof('ranker', Verdict.DIFFERENT, 'The new model returns other numbers.', *results)
    long_line = 'WEIGHTS = [' + ', '.join(str(n / 7) for n in range(400)) + ']\n'
    finding = Finding('SM211', Confidence.REVIEW, place(1), 'Dropout was taken to be off.', 'Check `training=`.')
    files = (FileReport('rank.py', long_line, long_line.replace('0.0', '0.5'), (finding,)),)
    return ProjectReport('ranker', 'projects/ranker', files, whole)


def incompatible() -> ProjectReport:
    contract = (
        ContractDifference('signature "regress", input "inputs"', 'dtype was string, is float32', True),
        ContractDifference('signature "regress", output "outputs"', 'shape was [?, 1], is [8, 1]', False),
    )
    results = (
        signature(
            'regress',
            Verdict.INCOMPATIBLE,
            message='A client that sends tf.Example messages fails.',
            contract=contract,
            cases=0,
            inputs='',
            old_method_name='tensorflow/serving/regress',
        ),
    )
    missing = (ContractDifference('asset "vocabulary.txt"', 'is missing in the new model', True),)
    whole = proof('census', Verdict.INCOMPATIBLE, 'Clients would break.', *results, contract=missing)
    finding = Finding(
        'SM301',
        Confidence.MANUAL,
        place(2, 4),
        '`DNNClassifier` is a canned estimator: its graph is not in the source, so no TF2 code can be derived from it.',
        'Export it once more with TensorFlow 1.15 and run `savedmodel-migrate convert` on the result.',
    )
    source = (
        'import tensorflow as tf\n'
        'estimator = tf.estimator.DNNClassifier([8], columns)\n'
        'estimator.export_saved_model(out, fn)\n'
    )
    over = tuple(PassedOver(form, 'its model_fn is inside of TensorFlow', None) for form in ('tf.function', 'session'))
    site = ExportSummary('estimator', place(3), 'out', (), None, over)
    files = (FileReport('census/train.py', source, source, (finding,), (site,)),)
    return ProjectReport('census', 'projects/census', files, whole)


def inconclusive() -> ProjectReport:
    sampled = output(
        'sample', Verdict.INCONCLUSIVE, None, 'It differs between two runs of the old model.', max_magnitude=None
    )
    results = (signature('generate', Verdict.INCONCLUSIVE, sampled, message='An output varies by itself.'),)
    whole = proof('sampler', Verdict.INCONCLUSIVE, 'Nothing can be said of "generate".', *results)
    return ProjectReport('sampler', 'projects/sampler', (), whole)


def error() -> ProjectReport:
    log = (
        'Traceback (most recent call last):\n'
        '  File "train.py", line 3, in <module>\n'
        '    from tensorflow.contrib import slim\n'
        "\x1b[31mModuleNotFoundError: No module named 'tensorflow.contrib'\x1b[0m\n"
    )
    whole = proof('slim', Verdict.ERROR, 'The new export ended with exit status 1.', log=log)
    broken = FileReport('py2/train.py', 'print "x"\n', 'print "x"\n', error='Line 1: Python 2 code; run 2to3 first.')
    return ProjectReport('slim', 'projects/slim', (broken,), whole)


def stale() -> ProjectReport:
    return replace(identical(), name='frozen-again', path='frozen-again', proof_is_stale=True)


def not_proven() -> ProjectReport:
    return ProjectReport('utilities', 'utilities', (FileReport('utilities/io.py', 'x = 1\n', 'x = 1\n'),))


def conversions() -> tuple[ConvertedFolder, ...]:
    """A model of every state, and a folder of which nothing is known."""
    kept = signature('serving_default', Verdict.IDENTICAL, output('y', Verdict.IDENTICAL))
    far = signature('predict', Verdict.DIFFERENT, output('scores', Verdict.DIFFERENT, 0.25, '3 of 8 elements differ'))
    two = converted('taxi/2', Verdict.IDENTICAL, kept, notes=('tag set {ps} is in its folder ps now',))
    ps = TagSet(('ps',), 'ps', two.conversion.tag_sets[0].verification, ('gradients do not flow through "loop"',))
    two = replace(two, conversion=replace(two.conversion, tag_sets=(*two.conversion.tag_sets, ps)))
    refused = Conversion(
        'old/trees/1',
        'new/trees/1',
        Verdict.ERROR,
        False,
        refusal="signature 'predict' needs a BoostedTreesPredict",
        advice='Train it anew, or keep serving it with `tensorflow` 1.',
    )
    models = (
        converted('forced/1', Verdict.DIFFERENT, far),
        converted('chance/1', Verdict.INCONCLUSIVE, placed=False),
        converted('gone/1', Verdict.EQUAL, kept, out_of_date='the new model is not there any more'),
        two,
        ConvertedModel('trees/1', refused),
    )
    return ConvertedFolder('models-tf2', models), ConvertedFolder('elsewhere', (), 'not a stored Manifest')


def converted(name: str, verdict: Verdict, *signatures: SignatureResult, **more: Any) -> ConvertedModel:
    old, new = f'old/{name}', f'models-tf2/{name}'
    verification = Verification(Side(old), Side(new), verdict, f'so it went with {name}', signatures)
    tag_sets = (TagSet(('serve',), '', verification),)
    placed, out_of_date = more.pop('placed', True), more.pop('out_of_date', '')
    return ConvertedModel(name, Conversion(old, new, verdict, placed, tag_sets, **more), out_of_date)


MARKUP = (
    '</code></pre></table><script>alert("1")</script><img src="https://example.com/x.png">'
    ' & | ` ``` **b** @somebody \x00\x1b[0m\u202e\ud800'
)


def hostile_report() -> Report:
    """The report of the team with markup appended to every text in it, on a line of its own and within one."""
    report: Report = _hostile(team_report())
    return report


def _hostile(value: Any) -> Any:
    if isinstance(value, str):
        return f'{value}{MARKUP}\n{MARKUP}'
    if isinstance(value, tuple):
        return tuple(map(_hostile, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _hostile(getattr(value, field.name)) for field in fields(value)})
    return value
