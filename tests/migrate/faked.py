"""What stands in for running models in the tests of the command line."""

from pathlib import Path

from migrate.verify.results import (
    OutputResult,
    Side,
    SignatureResult,
    Verdict,
    Verification,
)


def verification(old: Path, new: Path, verdict: Verdict) -> Verification:
    output = OutputResult('y', verdict, 'it is so', 'float32', '[2]', 0.5, 2.0)
    method = 'tensorflow/serving/predict'
    signature = SignatureResult('serving_default', verdict, 'it is so', method, method, 3, 'made up', (output,))
    return Verification(Side(str(old)), Side(str(new)), verdict, f'they are {verdict.value}', (signature,))
