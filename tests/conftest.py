"""Shared fixtures: a fictional corpus, its index with the default encoder, and a workshop that builds in a moment."""

import shutil
from pathlib import Path

import pytest

from ingest.encoder import DEFAULT_ENCODER
from retrieval.index import PassageIndex
from tests.fiction import MOTHS, REEDS
from tests.workshop import Workshop, make_encoder


@pytest.fixture(scope="session")
def vantor(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The corpus about Vantor and its index with the default encoder; built once, to be read only."""
    folder = tmp_path_factory.mktemp("vantor")
    workshop = Workshop(folder / "corpus", folder / "index", DEFAULT_ENCODER)
    workshop.vet("moths", MOTHS)
    workshop.vet("reeds", REEDS)
    workshop.build()
    return workshop


@pytest.fixture(scope="session")
def vantor_index(vantor: Workshop) -> PassageIndex:
    """The index of the corpus about Vantor, with the default encoder."""
    return vantor.open()


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of a sentence-transformers model that is tiny and random."""
    folder = tmp_path_factory.mktemp("tiny") / "encoder"
    make_encoder(folder, [MOTHS, REEDS])
    return str(folder)


@pytest.fixture(scope="session")
def _tiny(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: str) -> Workshop:
    folder = tmp_path_factory.mktemp("workshop")
    workshop = Workshop(folder / "corpus", folder / "index", tiny_encoder)
    workshop.vet("moths", MOTHS)
    workshop.vet("reeds", REEDS)
    workshop.build()
    return workshop


@pytest.fixture
def workshop(_tiny: Workshop, tmp_path: Path) -> Workshop:
    """A corpus about Vantor and its index with a tiny encoder, to be changed and broken."""
    copied = _tiny.copy(tmp_path)
    copied.build()
    for folder in copied.home.glob("*-*"):
        if folder != copied.generation:
            shutil.rmtree(folder)
    return copied
