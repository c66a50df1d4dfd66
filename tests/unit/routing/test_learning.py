"""The learned triage keeps its word: calibrated, small, quick, explained, and silent while it knows too little."""

import json
import random
from array import array
from dataclasses import replace
from itertools import accumulate, chain
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk import cli
from helpdesk.routing.learning import train as learning
from helpdesk.routing.learning.calibrate import Trust, calibration_error, threshold, wilson_lower
from helpdesk.routing.learning.evaluate import Row, macro_f1, measure
from helpdesk.routing.learning.features import blocks, by_word, weights_in
from helpdesk.routing.learning.lanes import Lanes
from helpdesk.routing.learning.model import MAX_BYTES, Panel, Table, TriageModel, UnreadableModel, Verdict
from helpdesk.routing.learning.train import MIN_TEXTS, Example, NothingToLearn, train

_ABOUT = {
    "billing": [
        "invoice",
        "refund",
        "charge",
        "payment",
        "receipt",
        "card",
        "amount",
        "청구서",
        "환불",
        "결제",
        "請求書",
        "返金",
    ],
    "delivery": [
        "parcel",
        "courier",
        "shipped",
        "tracking",
        "late",
        "address",
        "box",
        "배송",
        "택배",
        "도착",
        "配送",
        "荷物",
    ],
    "account": [
        "password",
        "login",
        "email",
        "reset",
        "locked",
        "profile",
        "access",
        "비밀번호",
        "로그인",
        "계정",
        "ログイン",
    ],
}
_COMMON = [
    "hello",
    "please",
    "could",
    "you",
    "the",
    "my",
    "our",
    "still",
    "since",
    "monday",
    "thanks",
    "안녕하세요",
    "お世話",
]


def _texts(count: int, seed: int = 1) -> list[Example]:
    """Made-up tickets: three words of their class among common ones."""
    chance = random.Random(seed)
    labels = list(_ABOUT)
    found = []
    for i in range(count):
        label = labels[i % len(labels)]
        said = chance.sample(_ABOUT[label], 3) + chance.sample(_COMMON, 4)
        chance.shuffle(said)
        found.append(Example(" ".join(said), label))
    return found


@pytest.fixture(scope="module")
def model() -> TriageModel:
    return train(_texts(240))


def test_it_tells_texts_it_has_not_seen_apart_and_is_sure_of_them(model: TriageModel) -> None:
    verdicts = [(example.label, model.verdict(example.text)) for example in _texts(90, seed=2)]

    assert sum(label == verdict.label for label, verdict in verdicts) >= 88
    assert sum(verdict.sure for _, verdict in verdicts) >= 80


def test_a_file_holds_the_model_that_was_trained(model: TriageModel) -> None:
    data = model.to_bytes()
    again = TriageModel.from_bytes(data)

    assert again == model
    assert again.verdict("password 로그인") == model.verdict("password 로그인")
    assert len(data) < 100_000 < MAX_BYTES


def test_the_same_texts_make_the_same_model() -> None:
    assert train(_texts(90)).to_bytes() == train(_texts(90)).to_bytes()


def test_margins_are_calibrated_as_the_model_will_compute_them() -> None:
    examples = _texts(90)
    data = learning._Data(
        [blocks(example.text) for example in examples],
        np.array([i % len(_ABOUT) for i in range(len(examples))]),
        np.ones(len(examples), np.float32),
        len(_ABOUT),
    )
    fitted = learning._fit(data, learning._PROFILES[0])
    trust = Trust(1.0, (0.0, 1.0, 0.0, 0.0))
    model = learning._pack(
        learning._mean([fitted]), tuple(_ABOUT), learning._PROFILES[0], trust, None, 0.95, len(examples)
    )

    fresh = [blocks(example.text) for example in _texts(12, seed=4)]
    for measured, features in zip(fitted.margins(fresh, len(_ABOUT)).tolist(), fresh, strict=True):
        assert model.margins(features) == pytest.approx(measured, abs=0.02)


@given(st.integers(1, 20), st.booleans(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_lanes_sum_what_weights_sum_to(width: int, whole: bool, chance: random.Random) -> None:  # noqa: FBT001 - drawn
    hashes = sorted(chance.sample(range(1 << 32), 12))
    rows = [range(width) if whole else sorted(chance.sample(range(width), chance.randint(0, width))) for _ in hashes]
    table = Table(
        array("I", hashes),
        bytes(chance.randrange(40, 120) for _ in hashes),
        array("I", [0, *accumulate(map(len, rows))]),
        array("H", chain.from_iterable(rows)),
        array("b", (chance.randint(-127, 127) for row in rows for _ in row)),
    )
    block = tuple((chance.random(), (*chance.sample(hashes, 5), chance.randrange(1 << 32))) for _ in range(3))
    expected = [0.0] * width
    for weight, some in block:
        for number in (hashes.index(one) for one in some if one in hashes):
            for i in range(table.starts[number], table.starts[number + 1]):
                expected[table.classes[i]] += weight * table.quants[i] * 2.0 ** (-table.scales[number] / 8)
    lanes = Lanes(table, width)
    assert lanes.unpacked(lanes.summed(block)) == pytest.approx(expected, abs=0.001)


def test_models_that_look_together_say_what_each_says_alone(model: TriageModel) -> None:
    upset = train([replace(one, label=str(one.label == "billing")) for one in _texts(90)])
    many = train([Example(f"{one.text} {i % 20}{i % 20}", f"c{i % 20}") for i, one in enumerate(_texts(240))])
    for text in ("", "password 로그인", "refund the invoice 77"):
        said = Panel((model, many, upset)).verdicts(blocks(text))
        assert said == [one.verdict(text) for one in (model, many, upset)]
    assert Panel(()).verdicts(blocks("hello")) == []


@pytest.mark.parametrize("cut", [0, 5, 12, -9])
def test_a_damaged_file_is_refused(model: TriageModel, cut: int) -> None:
    with pytest.raises(UnreadableModel):
        TriageModel.from_bytes(model.to_bytes()[:cut])


def test_the_words_that_decided_are_those_of_the_class(model: TriageModel) -> None:
    reasons = model.reasons("hello could you look at the refund since monday please")

    assert reasons[0] == "refund"
    assert len(reasons) <= 4


def test_a_text_of_nothing_known_makes_nobody_sure(model: TriageModel) -> None:
    for text in ("", " \n ", "!!!", "xyzzy qwop", "\ud800", "日" * 5000):
        assert not model.verdict(text).sure, text


def test_it_is_never_sure_while_data_is_thin() -> None:
    model = train(_texts(MIN_TEXTS - 1))

    assert model.threshold is None
    assert not model.verdict("refund of my payment, wrong invoice").sure


def test_labels_that_say_nothing_about_the_text_are_never_sure() -> None:
    chance = random.Random(5)
    model = train([Example(example.text, chance.choice("abcd")) for example in _texts(200)])

    assert model.threshold is None


@pytest.mark.parametrize(
    "examples",
    [
        [Example("one text", "only")],
        [Example("", "a"), Example("", "b")],
        [Example("all the same", "a")] * 80,
        [*_texts(90), Example("a class of one", "lonely")],
        [Example(f"number {i}", f"class {i}") for i in range(61)],
        [Example("x", "a"), Example("", None)],
        [*_texts(30), *(Example(f"{i} kittens", None) for i in range(40))],
    ],
    ids=["one", "empty", "one class", "a lonely class", "all lonely", "unknown and one", "mostly unknown"],
)
def test_odd_data_makes_a_model_all_the_same(examples: list[Example]) -> None:
    model = TriageModel.from_bytes(train(examples).to_bytes())

    assert 0 <= model.verdict(examples[0].text).confidence <= 1


def test_nothing_labelled_is_nothing_to_learn() -> None:
    with pytest.raises(NothingToLearn):
        train([Example("a text", None)])


def test_texts_that_no_class_fits_make_it_unsure_of_their_like() -> None:
    strangers = [Example(f"who won the match on day {i} between the two teams", None) for i in range(60)]
    knows_strangers = train([*_texts(240), *strangers])

    assert not knows_strangers.verdict("who won the match between these teams").sure
    assert knows_strangers.verdict("refund payment invoice charge").sure


def test_a_corrected_label_outweighs_the_others() -> None:
    texts = _texts(240)
    disputed = "the blue lamp hums"
    model = train([*texts, *[Example(disputed, "billing")] * 2, Example(disputed, "account", weight=20)])

    assert model.verdict(disputed).label == "account"


def test_a_model_that_would_not_fit_is_cut_to_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk.routing.learning.train._ROOM", 20_000)
    chance = random.Random(3)
    vocabulary = ["".join(chance.choices("abcdefghijklmnop", k=7)) for _ in range(300)]
    examples = [Example(" ".join(chance.choices(vocabulary, k=6)), f"c{i % 20}") for i in range(120)]
    data = train(examples).to_bytes()

    assert 10_000 < len(data) <= 22_000


@given(st.text(max_size=120))
@settings(max_examples=30, deadline=None)
def test_any_text_has_features_of_length_one_and_every_word_is_found_again(text: str) -> None:
    for block in blocks(text):
        assert not block or sum(value * value for value in weights_in(block).values()) == pytest.approx(1)
    known = {hash_ for block in blocks(text) for hash_ in weights_in(block)}
    assert all(hashes and hashes[0] in known for _, hashes in by_word(text))


@given(st.floats(0, 1), st.integers(1, 5000))
def test_wilsons_bound_is_below_what_was_seen(share: float, count: int) -> None:
    assert -1e-9 <= wilson_lower(share, count) <= share + 1e-9
    assert wilson_lower(share, count) <= wilson_lower(share, 10 * count) + 1e-9


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=200))
def test_above_the_threshold_the_wanted_precision_was_seen(pairs: list[tuple[float, bool]]) -> None:
    confidences, right = [c for c, _ in pairs], [r for _, r in pairs]
    found = threshold(confidences, right, [1.0] * len(pairs), 0.6)
    if found is not None:
        kept = [hit for confidence, hit in pairs if confidence >= found]
        assert sum(kept) / len(kept) >= 0.6


def test_a_few_right_answers_are_not_enough_for_a_threshold() -> None:
    assert threshold([0.9] * 20, [True] * 20, [1.0] * 20) is None
    assert threshold([0.9] * 200, [True] * 200, [1.0] * 200) == 0.9


def test_confidence_that_says_what_happens_has_no_calibration_error() -> None:
    assert calibration_error([0.75] * 4, [True, True, True, False]) == 0
    assert calibration_error([1.0, 1.0], [False, False]) == 1
    assert calibration_error([], []) is None


def test_confidence_grows_with_the_margin() -> None:
    trust = Trust(3.0, (0.0, 1.0, 0.0, 0.0))

    assert trust.confidence([-1.0, 0.0]) < trust.confidence([-1.0, 0.5]) < trust.confidence([-1.0, 3.0])


def test_macro_f1_counts_classes_alike_however_rare() -> None:
    said = [("a", "a"), ("a", "a"), ("a", "a"), ("b", "a")]

    assert macro_f1([(label, Verdict(verdict, 1.0, sure=True)) for label, verdict in said]) == pytest.approx(
        (6 / 7 + 0) / 2, abs=1e-4
    )


def test_an_unknown_that_it_is_sure_of_counts_as_a_mistake() -> None:
    rows = [Row(example.text, str(example.label), "train") for example in _texts(240)]
    rows += [Row(example.text, str(example.label), "test") for example in _texts(40, seed=2)]
    rows += [Row(_texts(1, seed=9)[0].text, "oos", "test")] * 10

    figures, _ = measure(rows, unknown="oos")

    assert figures.accuracy == 1.0
    assert figures.precision_at_95 == pytest.approx(0.8, abs=0.03)
    assert figures.coverage_at_95 == pytest.approx(1.0, abs=0.05)


def test_the_command_prints_its_figures_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "tickets.csv"
    rows = [f"{e.text},{e.label},{'test' if i % 4 == 0 else 'train'}" for i, e in enumerate(_texts(160))]
    file.write_text("\n".join(["text,label,split", "no label,,train", *rows]), encoding="utf-8")

    assert cli.main(["triage", "evaluate", str(file), "--unknown", "oos"]) == 0

    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert list(figures) == [
        "accuracy",
        "macro_f1",
        "coverage_at_95",
        "precision_at_95",
        "ece",
        "model_bytes",
        "ms",
    ]
    assert figures["accuracy"] > 0.9
    assert figures["ms"] < 5


def test_a_file_without_test_rows_has_a_model_and_no_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text("text,label,split\nhello,a,train\nbye,b,train\n", encoding="utf-8")

    assert cli.main(["triage", "evaluate", str(file)]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["accuracy"] is None


@pytest.mark.parametrize("content", ["", "text,label\na,b\n", "text,label,split\n", "text,label,split\na,b,test\n"])
def test_a_file_that_will_not_do_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text(content, encoding="utf-8")

    assert cli.main(["triage", "evaluate", str(file)]) == 1
    assert "helpdesk:" in capsys.readouterr().err
