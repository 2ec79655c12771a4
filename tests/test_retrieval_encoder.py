"""The encoder that an index carries, apart from what its export promises (tests/test_ingest_encoder.py)."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoder import ENCODER_FILES, Encoder, EncoderError, OnnxEncoder, Vectors
from retrieval.index import PassageIndex
from tests.workshop import Workshop


def one_by_one(encoder: Encoder, texts: list[str]) -> Vectors:
    return np.concatenate([encoder.encode_questions([text]) for text in texts])


def test_more_texts_than_a_batch_keep_their_order(vantor_index: PassageIndex) -> None:
    texts = [f"moth number {number}" for number in range(71)]
    vectors = vantor_index.encoder.encode_passages(texts)
    assert np.abs(vectors - one_by_one(vantor_index.encoder, texts)).max() < 1e-5


def test_a_question_that_comes_again_among_others_keeps_its_vector(vantor_index: PassageIndex) -> None:
    one, two = "how long does a moth shine", "who counts the moths"
    vectors = vantor_index.encoder.encode_questions([one, two, one])
    assert np.abs(vectors - one_by_one(vantor_index.encoder, [one, two, one])).max() == 0
    assert (vantor_index.encoder.encode_questions([two, one]) == vectors[[1, 2]]).all()


def test_words_fall_into_pieces_of_the_vocabulary(vantor_index: PassageIndex) -> None:
    pieces = vantor_index.encoder.word_pieces("moths xqzt")
    assert pieces[0] == "moths"
    assert "".join(piece.removeprefix("##") for piece in pieces[1:]) == "xqzt"
    assert vantor_index.encoder.word_pieces("") == []


def test_threads_get_the_vectors_of_one(vantor_index: PassageIndex) -> None:
    texts = [f"how long does moth {number} shine" for number in range(64)]
    with ThreadPoolExecutor(8) as threads:
        vectors = list(threads.map(lambda text: vantor_index.encoder.encode_questions([text])[0], texts))
    assert np.abs(np.stack(vectors) - one_by_one(vantor_index.encoder, texts)).max() < 1e-6


@pytest.mark.parametrize("name", ENCODER_FILES)
@pytest.mark.parametrize("content", [None, b"", b"{}", b"\0" * 64])
def test_a_broken_encoder_is_refused_with_the_remedy(
    name: str, content: bytes | None, workshop: Workshop, tmp_path: Path
) -> None:
    folder = tmp_path / "encoder"
    folder.mkdir()
    for file in ENCODER_FILES:
        shutil.copyfile(workshop.generation / file, folder / file)
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(EncoderError) as error:
        OnnxEncoder.open(folder)
    assert str(error.value).startswith(f"the encoder in {folder} can't be loaded (")
    assert str(error.value).endswith("); build the index again")
