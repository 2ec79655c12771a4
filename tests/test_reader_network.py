"""The network that is shipped: what it gives, for whom, and what is said if it can't be loaded."""

import hashlib
import json
import math
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from corpus.model import Passage
from retrieval.index import PassageIndex
from retrieval.reader_network import NetworkError, ReaderNetwork, shipped_network, shipped_sha256
from tests.retrieval_fixtures import Block, Kind, laid, passages_of

SHIPPED = Path("retrieval/network")


def test_it_gives_a_logit_a_sentence_and_one_a_passage(vantor_index: PassageIndex) -> None:
    passages = passages_of(vantor_index)
    found = shipped_network().read("How long do moths shine?", passages)
    assert [len(logits.sentences) for logits in found] == [len(passage.sentences) for passage in passages]
    assert all(np.isfinite(logits.sentences).all() and math.isfinite(logits.passage) for logits in found)
    assert shipped_network().read("How long do moths shine?", []) == []


def test_a_passage_is_read_the_same_alone_among_others_and_by_many_threads(vantor_index: PassageIndex) -> None:
    passages = passages_of(vantor_index)
    network = shipped_network()
    together = network.read("reeds", passages)
    alone = [network.read("reeds", [passage])[0] for passage in passages]
    with ThreadPoolExecutor(8) as pool:
        at_once = list(pool.map(lambda passage: network.read("reeds", [passage])[0], passages))
    for one, other, third in zip(together, alone, at_once, strict=True):
        assert one.sentences.tolist() == other.sentences.tolist() == third.sentences.tolist()
        assert one.passage == other.passage == third.passage


def test_a_passage_of_several_windows_has_all_its_sentences_and_the_best_windows_logit() -> None:
    texts = tuple(f"Warden {number} of Vantor counts the reeds and the bells of the lake." for number in range(60))
    made = laid(Block(Kind.PARAGRAPH, texts))
    whole = Passage(made.sentences[0], (), tuple(made.sentences))
    (found,) = shipped_network().read("Who counts the reeds?", [whole])
    assert len(found.sentences) == 60
    (first,) = shipped_network().read(
        "Who counts the reeds?", [Passage(made.sentences[0], (), tuple(made.sentences[:5]))]
    )
    assert math.isfinite(first.passage)
    assert found.passage >= -50


def test_it_is_named_by_its_digest() -> None:
    digest = hashlib.sha256((SHIPPED / "reader.onnx").read_bytes()).hexdigest()
    assert shipped_sha256() == shipped_network().sha256 == digest


def test_it_takes_no_more_room_than_it_may() -> None:
    sizes = {path.name: path.stat().st_size for path in SHIPPED.iterdir()}
    resolver = sizes.pop("resolver.onnx")
    assert sum(sizes.values()) <= 25_000_000
    assert resolver <= 20_000_000


@pytest.mark.parametrize("name", ["reader.onnx", "tokenizer.json", "reader.json"])
@pytest.mark.parametrize("content", [None, b"", b"zork"])
def test_a_broken_file_is_one_clear_line(tmp_path: Path, name: str, content: bytes | None) -> None:
    folder = tmp_path / "network"
    shutil.copytree(SHIPPED, folder)
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(NetworkError, match="install insights-help anew"):
        ReaderNetwork.open(folder)


def test_settings_without_a_digest_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "network"
    shutil.copytree(SHIPPED, folder)
    (folder / "reader.json").write_text(json.dumps({}), encoding="utf-8")
    with pytest.raises(NetworkError, match="names no reader"):
        ReaderNetwork.open(folder)
