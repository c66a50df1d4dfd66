"""Measuring the learned triage on a file of labelled texts: `helpdesk triage evaluate FILE.csv`."""

import argparse
import csv
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from helpdesk.routing.learning.calibrate import calibration_error
from helpdesk.routing.learning.model import TriageModel, Verdict
from helpdesk.routing.learning.train import Example, train


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: a text, its label, and whether it is to be trained on or tested with."""

    text: str
    label: str
    split: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What `evaluate` prints last; None where the file has nothing to compute it from.

    Attributes:
        accuracy: share of right labels among test rows that have a class.
        macro_f1: mean F1 over the classes of those rows, and classes that were wrongly said of them.
        coverage_at_95: share of all test rows, unknowns included, of which the model was sure.
        precision_at_95: share of right ones among those; an unknown it was sure of is a mistake.
        ece: calibration error over test rows that have a class: 15 bins.
        model_bytes: size of the model as a file.
        ms: CPU milliseconds a text: features, margins and confidence.
    """

    accuracy: float | None
    macro_f1: float | None
    coverage_at_95: float | None
    precision_at_95: float | None
    ece: float | None
    model_bytes: int
    ms: float | None


def measure(rows: Sequence[Row], unknown: str | None = None) -> tuple[Figures, list[str]]:
    """Trains on the rows of split `train` and measures on those of split `test`.

    Rows without a label are left out.

    Args:
        rows: of one file.
        unknown: the label of texts that no class fits, if there are such.

    Returns:
        The figures, and a short report for people, a line each.

    Raises:
        NothingToLearn: no row to train on has a label.
    """
    training = [
        Example(r.text, None if r.label == unknown else r.label) for r in rows if r.split == "train" and r.label
    ]
    testing = [row for row in rows if row.split == "test" and row.label]
    began = time.process_time()
    data = train(training).to_bytes()
    took = time.process_time() - began
    model = TriageModel.from_bytes(data)  # what is measured is what a file holds
    began = time.process_time()
    verdicts = [model.verdict(row.text) for row in testing]
    each = (time.process_time() - began) * 1000 / len(testing) if testing else None
    truth = [row.label for row in testing]
    known = [(label, verdict) for label, verdict in zip(truth, verdicts, strict=True) if label != unknown]
    sure = [label == verdict.label for label, verdict in zip(truth, verdicts, strict=True) if verdict.sure]
    right = [label == verdict.label for label, verdict in known]
    figures = Figures(
        accuracy=_share(right),
        macro_f1=macro_f1(known),
        coverage_at_95=round(len(sure) / len(testing), 4) if testing else None,
        precision_at_95=_share(sure),
        ece=_rounded(calibration_error([verdict.confidence for _, verdict in known], right)),
        model_bytes=len(data),
        ms=_rounded(each),
    )
    return figures, _report(model, training, testing, took, unknown)


def macro_f1(pairs: Sequence[tuple[str, Verdict]]) -> float | None:
    """The mean over classes, true or said, of the harmonic mean of precision and recall; None without pairs."""
    if not pairs:
        return None
    true = Counter(label for label, _ in pairs)
    said = Counter(verdict.label for _, verdict in pairs)
    both = Counter(label for label, verdict in pairs if label == verdict.label)
    labels = true.keys() | said.keys()
    return round(sum(2 * both[label] / (true[label] + said[label]) for label in labels) / len(labels), 4)


def _report(
    model: TriageModel, training: Sequence[Example], testing: Sequence[Row], took: float, unknown: str | None
) -> list[str]:
    strangers = sum(example.label is None for example in training)
    lines = [
        f"trained on {len(training)} texts of {len(model.labels)} classes in {took:.1f} s of CPU"
        + (f", {strangers} of them of no class" if unknown is not None else ""),
        f"tested on {len(testing)} texts"
        + (f", {sum(row.label == unknown for row in testing)} of them of no class" if unknown is not None else ""),
        "never sure: too few texts, or too many mistakes, to be right as often as wanted"
        if model.threshold is None
        else f"sure from a confidence of {model.threshold:.3f}, for {model.wanted:.0%} right",
    ]
    for row in testing[:3]:
        verdict = model.verdict(row.text)
        lines.append(
            f"  {'sure' if verdict.sure else 'not sure'}, {verdict.confidence:.2f}: {verdict.label!r} (is {row.label!r})"
            f" for the words {', '.join(model.reasons(row.text)) or 'none'}"
        )
    return lines


def _share(hits: Sequence[bool]) -> float | None:
    return round(sum(hits) / len(hits), 4) if hits else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def read(path: Path) -> list[Row]:
    """The rows of a CSV file with the columns text, label and split.

    Raises:
        ValueError: it is no such file.
        OSError: it cannot be read.
    """
    csv.field_size_limit(16 * 1024 * 1024)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"text", "label", "split"} - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"no column {', '.join(sorted(missing))}")
        try:
            return [
                Row(r["text"] or "", (r["label"] or "").strip(), (r["split"] or "").strip().lower()) for r in reader
            ]
        except csv.Error as error:
            raise ValueError(str(error)) from error


def main(argv: Sequence[str]) -> int:
    """Runs `helpdesk triage evaluate`.

    Returns:
        The exit status: 0 done, 1 the file will not do, 2 wrong usage.
    """
    parser = argparse.ArgumentParser(prog="helpdesk triage evaluate", description=__doc__)
    parser.add_argument("file", type=Path, help="CSV with the columns text, label and split (train or test)")
    parser.add_argument("--unknown", metavar="LABEL", help="label of texts that no class fits")
    options = parser.parse_args(argv)
    try:
        figures, report = measure(read(options.file), options.unknown)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"helpdesk: {options.file}: {error}\n")
        return 1
    sys.stdout.write("\n".join([*report, json.dumps(asdict(figures))]) + "\n")
    return 0
