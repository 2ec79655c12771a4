"""A corpus, the index that is built from it, and an encoder small enough to build with in a moment."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from tokenizers import BertWordPieceTokenizer

from corpus.model import Document, Source
from corpus.store import Corpus, load_corpus
from ingest.build import Built, build
from ingest.vet import vet
from retrieval.index import PassageIndex
from retrieval.policy import Policy, default_policy
from tests.fiction import write

__all__ = ["POLICY", "Workshop", "make_encoder"]

POLICY = default_policy()


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where a corpus and the home of its index lie, and what to encode it with."""

    corpus: Path
    home: Path
    encoder: str

    def vet(self, name: str, text: str) -> Document:
        """Vets `text` into the corpus, in place of the document of that name if there is one."""
        path = write(self.corpus.parent / f"{name}.txt", text)
        return vet(path, self.corpus, Source(""), document_id=None, replace_existing=True)

    def build(self, policy: Policy = POLICY) -> Built:
        """Builds the index."""
        return build(self.load(), self.home, policy, encoder=self.encoder, progress=lambda *_: None)

    def load(self) -> Corpus:
        """The corpus."""
        return load_corpus(self.corpus)

    def open(self) -> PassageIndex:
        """Opens the index over the corpus."""
        return PassageIndex.open(self.home, corpus=self.corpus)

    @property
    def generation(self) -> Path:
        """The generation that is served."""
        return self.home / (self.home / "CURRENT").read_text(encoding="utf-8").strip()

    @property
    def entries(self) -> list[str]:
        """What lies in the home of the index, by name."""
        return sorted(path.name for path in self.home.iterdir())

    def copy(self, folder: Path) -> "Workshop":
        """The same in another folder."""
        copied = replace(self, corpus=folder / "corpus", home=folder / "index")
        shutil.copytree(self.corpus, copied.corpus)
        shutil.copytree(self.home, copied.home)
        return copied


def make_encoder(folder: Path, texts: list[str]) -> None:
    """Saves a sentence-transformers model into `folder`: a random BERT that knows the words of `texts`."""
    import torch  # noqa: PLC0415, TID251 - loading it takes seconds, and few tests need an encoder of their own
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415, TID251
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer  # noqa: PLC0415, TID251
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast  # noqa: PLC0415
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.manual_seed(0)
    pieces = BertWordPieceTokenizer(lowercase=True)
    pieces.train_from_iterator(texts, vocab_size=600, show_progress=False)
    config = BertConfig(
        vocab_size=pieces.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=256,
    )
    bert = folder.with_name(f"{folder.name}-bert")
    BertModel(config).save_pretrained(bert)
    signs = {f"{name}_token": f"[{name.upper()}]" for name in ("unk", "sep", "pad", "cls", "mask")}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=pieces._tokenizer, **signs)  # type: ignore[no-untyped-call]
    tokenizer.save_pretrained(bert)
    words = Transformer(str(bert))
    model = SentenceTransformer(modules=[words, Pooling(words.get_embedding_dimension(), "mean")], device="cpu")
    model.prompts = {"query": "find: ", "document": "text: "}
    model.save_pretrained(str(folder), create_model_card=False)
