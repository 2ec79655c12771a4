"""From the drafts of a PDF's columns to blocks: what a column or page break parted goes together again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ingest.raw import Block, BlockKind, Dropped, DroppedKind
from ingest.readers.pdf_blocks import Draft, ends_sentence, is_full
from ingest.readers.pdf_hyphens import Hyphens, ends_parted

__all__ = ["blocks_of", "joined"]

_MOST_LEVELS = 6
_INDENT = 0.7
_SAME_SIZE = 0.08


def joined(columns: Iterable[Sequence[Draft]]) -> list[Draft]:
    """The drafts of all columns; one that a column broke is whole again, one that goes on overleaf `continues`."""
    drafts: list[Draft] = []
    for column in columns:
        for number, draft in enumerate(column):
            if number == 0 and drafts and _goes_on(drafts[-1], draft):
                if drafts[-1].lines[-1].page == draft.lines[0].page:
                    drafts[-1].lines.extend(draft.lines)
                    continue
                draft.continues, draft.kind = True, drafts[-1].kind
            drafts.append(draft)
    return drafts


def blocks_of(drafts: Sequence[Draft], labels: Mapping[int, str]) -> tuple[list[Block], list[Dropped]]:
    """The blocks with their places, words whole again; and the hyphens that went. `labels` are those of the pages."""
    flow = _Flow(labels, Hyphens(text for draft in drafts for text in draft.texts))
    levels = _levels(drafts)
    for draft in drafts:
        flow.add(draft, levels.get(draft.look, 1) if draft.kind is BlockKind.HEADING else 0)
    return flow.blocks, flow.dropped


class _Flow:
    def __init__(self, labels: Mapping[int, str], hyphens: Hyphens) -> None:
        self.blocks: list[Block] = []
        self.dropped: list[Dropped] = []
        self._labels = labels
        self._hyphens = hyphens

    def add(self, draft: Draft, level: int) -> None:
        texts = list(draft.texts)
        if draft.continues and self.blocks and ends_parted(self.blocks[-1].text):
            texts[0] = self._completed(texts[0])
        text = ""
        for line, part in zip(draft.lines, texts, strict=False):
            text = self._join(text, part, line.page) if text else part
        page = draft.lines[0].page
        if text:
            place = (self._labels[page], f"page={page}")
            self.blocks.append(Block(draft.kind, text, level, *place, continues=draft.continues))

    def _completed(self, text: str) -> str:
        """Gives the block before the rest of its last word, and what is left of the line."""
        word, _, rest = text.partition(" ")
        block = self.blocks[-1]
        whole, parted = self._hyphens.join(block.text, word)
        if whole.endswith(f" {word}"):
            return text
        self.blocks[-1] = replace(block, text=whole)
        self._note(parted, block.page)
        return rest

    def _join(self, text: str, following: str, page: int) -> str:
        whole, parted = self._hyphens.join(text, following)
        self._note(parted, self._labels[page])
        return whole

    def _note(self, parted: str | None, label: str | None) -> None:
        if parted is not None:
            self.dropped.append(Dropped(DroppedKind.HYPHEN, parted, label))


def _goes_on(before: Draft, draft: Draft) -> bool:
    """Whether a column or page break fell into the middle of a paragraph or an item."""
    if before.kind not in {BlockKind.PARAGRAPH, BlockKind.ITEM} or draft.kind is not BlockKind.PARAGRAPH:
        return False
    last, first = before.lines[-1], draft.lines[0]
    if abs(last.size - first.size) > _SAME_SIZE * first.size:
        return False
    if ends_parted(last.text) or first.text[0].islower():
        return True
    if ends_sentence(last.text):
        return False
    is_indented = before.kind is BlockKind.PARAGRAPH and first.left - draft.left > _INDENT * first.size
    return last.is_bold == first.is_bold and not is_indented and is_full(last, before.right, first)


def _levels(drafts: Iterable[Draft]) -> dict[tuple[float, bool], int]:
    """A level for each look of headings, 1 for the biggest."""
    looks = {draft.look for draft in drafts if draft.kind is BlockKind.HEADING}
    return {look: min(rank, _MOST_LEVELS) for rank, look in enumerate(sorted(looks, reverse=True), start=1)}
