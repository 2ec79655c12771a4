"""The resolver's recipe: what a rewrite says of the words before it, and a network that learns to pick them."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.encoder import DEFAULT_ENCODER, encoder_folder
from retrieval.reader_network import NetworkError
from retrieval.resolver import Resolver
from retrieval.resolver_input import ResolverInput
from retrieval.training import resolver_recipe
from retrieval.training.resolver_recipe import FollowUp, resolver_samples, train_resolver

INPUT = ResolverInput.open(Path("retrieval/network/tokenizer.json"))
MOTHS, REEDS = ("What are glimmer moths?",), ("How tall are silver reeds?", "Who counts them?")
FOLLOW_UPS = [
    FollowUp("how are they fed?", MOTHS, "how are glimmer moths fed?"),
    FollowUp("Where do bells ring?", MOTHS, "Where do bells ring?"),
    FollowUp("and in winter?", REEDS, "how tall are silver reeds in winter?"),
]


def labelled(follow_up: FollowUp) -> tuple[dict[str, bool | None], bool | None]:
    """The label of each word of the history, and that of the follow-up."""
    _, words = INPUT.window(follow_up.question, follow_up.history)
    (sample,) = resolver_samples([follow_up], INPUT)
    return {word.text: label for word, label in zip(words, sample.labels, strict=True)}, sample.answerable


def quiet(_what: str, _done: int, _total: int) -> None:
    pass


def trained(out: Path, follow_ups: Sequence[FollowUp], start: Path | None = None) -> Resolver:
    train_resolver(follow_ups, encoder_folder(DEFAULT_ENCODER), out, start=start, progress=quiet)
    return Resolver.open(out)


@pytest.mark.parametrize(
    ("follow_up", "labels"),
    [
        (FOLLOW_UPS[0], {"glimmer": True, "moths": True}),
        (FOLLOW_UPS[1], {"glimmer": False, "moths": False}),
        (FOLLOW_UPS[2], {"tall": True, "silver": True, "reeds": True, "counts": False}),
        # The stem counts, and what only the rewrite has is nobody's.
        (
            FollowUp("fed?", ("Does a Moth's keeper hum?",), "are zorbles fed to moths"),
            {"Moth's": True, "keeper": False, "hum": False},
        ),
        # What the question says itself has no mark.
        (FollowUp("why do moths?", MOTHS, "why do moths glimmer?"), {"glimmer": True}),
    ],
)
def test_a_word_is_needed_if_the_rewrite_has_it_and_the_question_has_not(
    follow_up: FollowUp, labels: dict[str, bool]
) -> None:
    assert labelled(follow_up) == (labels, any(labels.values()))


def test_a_follow_up_after_which_there_is_nothing_to_pick_teaches_nothing() -> None:
    nothing = [FollowUp("moths?", MOTHS[:0], "moths?"), FollowUp("glimmer moths?", MOTHS, "glimmer moths?")]
    assert list(resolver_samples([*nothing, FOLLOW_UPS[0]], INPUT)) == list(resolver_samples(FOLLOW_UPS[:1], INPUT))


@pytest.mark.slow
def test_a_resolver_learns_what_it_is_shown_and_starts_from_the_weights_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolver_recipe, "_LAYERS", 1)
    monkeypatch.setattr(resolver_recipe, "_WARM_UP", 1)
    first = trained(tmp_path / "first", FOLLOW_UPS * 100)
    assert sorted(path.name for path in (tmp_path / "first").glob("*.*n*")) == ["resolver.onnx", "tokenizer.json"]
    follow_up, other, _ = FOLLOW_UPS
    picks = first.picks(follow_up.question, follow_up.history)
    assert [pick.word.text for pick in picks.words] == ["glimmer", "moths"]
    assert picks.needed > first.picks(other.question, other.history).needed
    again = trained(tmp_path / "first", FOLLOW_UPS * 100)
    assert again.picks(follow_up.question, follow_up.history) == picks
    second = trained(tmp_path / "second", FOLLOW_UPS * 100, start=tmp_path / "first" / "together.pt")
    assert second.picks(follow_up.question, follow_up.history) != picks


@pytest.mark.parametrize("content", [b"", b"moths", b"PK\x03\x04"])
def test_a_file_that_holds_no_weights_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    start = tmp_path / "start.pt"
    start.write_bytes(content)
    with pytest.raises(
        NetworkError, match=r"^[^\n]+/start\.pt: found no weights of a trained reader \(\w+\), wanted [^\n]+$"
    ):
        trained(tmp_path / "out", FOLLOW_UPS, start=start)
    assert not (tmp_path / "out").exists()
