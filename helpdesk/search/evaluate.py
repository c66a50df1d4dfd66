"""Measures the search on labelled questions: `helpdesk search evaluate FILE.json`."""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from helpdesk.search.index import Index
from helpdesk.search.segment import Segment, Text, build
from helpdesk.search.tokens import count_terms
from helpdesk.search.wanted import wanted

_DEPTH: Final = 10


class LabelledQuery(msgspec.Struct, frozen=True):
    """A question, and the numbers of the documents that answer it."""

    text: str
    relevant: list[int]


class Labelled(msgspec.Struct, frozen=True):
    """Documents, and questions to find them by."""

    documents: list[str]
    queries: list[LabelledQuery]


def index_of(documents: Sequence[str], *, segment_size: int = 1000) -> Index:
    """An index of some documents, in segments as the desk's indexer and its merges leave them.

    Args:
        documents: texts; the owner of each is its number, as eight digits.
        segment_size: documents of one segment.
    """
    index = Index()
    for start in range(0, len(documents), segment_size):
        texts = [
            Text(f"{start + number:08d}", "", 1, count_terms(document))
            for number, document in enumerate(documents[start : start + segment_size])
        ]
        index.update({f"{start:08d}": Segment(build(texts))}, ())
    return index


def evaluate(labelled: Labelled) -> Mapping[str, float]:
    """Mean reciprocal rank within the first ten, share of questions answered within them, and CPU ms a question."""
    index = index_of(labelled.documents)
    reciprocal, answered = 0.0, 0
    spent: list[float] = []
    for query in labelled.queries:
        began = time.process_time()
        hits = index.rank(wanted((query.text,)), most=_DEPTH).hits
        spent.append(1000 * (time.process_time() - began))
        relevant = set(query.relevant)
        rank = next((rank for rank, hit in enumerate(hits, 1) if int(hit.owner) in relevant), None)
        if rank is not None:
            reciprocal += 1 / rank
            answered += 1
    questions = max(1, len(labelled.queries))
    spent.sort()
    return {
        "documents": len(labelled.documents),
        "queries": len(labelled.queries),
        "found_in_10": round(answered / questions, 4),
        "cpu_ms_p50": round(spent[len(spent) // 2], 2) if spent else 0.0,
        "cpu_ms_p95": round(spent[len(spent) * 95 // 100], 2) if spent else 0.0,
        "mrr_at_10": round(reciprocal / questions, 4),
    }


def main(argv: Sequence[str]) -> int:
    """Prints what was measured; the last line is `{"mrr_at_10": N}`."""
    parser = argparse.ArgumentParser(prog="helpdesk search evaluate", description=main.__doc__)
    parser.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        help='{"documents": [text, ...], "queries": [{"text": ..., "relevant": [number of a document, ...]}, ...]}',
    )
    path: Path = parser.parse_args(argv).file
    try:
        labelled = msgspec.json.decode(path.read_bytes(), type=Labelled)
    except (OSError, msgspec.DecodeError) as error:
        sys.stderr.write(f"helpdesk: {path}: {error}\n")
        return 1
    measured = evaluate(labelled)
    sys.stdout.write(json.dumps({name: value for name, value in measured.items() if name != "mrr_at_10"}) + "\n")
    sys.stdout.write(json.dumps({"mrr_at_10": measured["mrr_at_10"]}) + "\n")
    return 0
