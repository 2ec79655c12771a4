"""Sentence probabilities become quotes: ranges that can stand alone, best first, none twice."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce

from corpus.model import Document, Span
from retrieval.model import Hit, Quote, Sureness
from retrieval.policy import Policy
from retrieval.sameness import same_words
from retrieval.standing import standing_range

__all__ = ["select_next_quotes", "select_quotes"]


def select_quotes(
    hits: Sequence[Hit],
    probabilities: Sequence[Sequence[float]],
    sentences_of: Callable[[Document], Sequence[Span]],
    policy: Policy,
) -> list[Quote]:
    """Quotes of the `policy.max_quotes` best sentences, best first; none if no sentence reaches the policy's threshold.

    `probabilities` follow the hits and their sentences; `sentences_of` gives all sentences of a document, in order.
    Sentences whose quotes would touch share one; one that says what is shown already, in the same words or nearly the
    same (`retrieval.sameness`), only adds the place where it stands, as those of a hit's copies do.
    """
    scored = [
        (probability, sentence, hit)
        for hit, row in zip(hits, probabilities, strict=True)
        for sentence, probability in zip(hit.passage.sentences, row, strict=True)
    ]
    best = max((probability for probability, *_ in scored), default=0.0)
    least = max(policy.answer_threshold, policy.quote_share * best)
    quotes: list[Quote] = []
    for probability, sentence, hit in sorted(scored, key=lambda entry: -entry[0]):
        if probability < least:
            break
        span, *copies = _places(sentence, hit, sentences_of)
        if (number := _shown_by(quotes, sentence, sentences_of)) is not None:
            quotes[number] = reduce(_noted, (span, *copies), quotes[number])
        elif sum(len(quote.evidence) for quote in quotes) < policy.max_quotes:
            quotes = _added(quotes, reduce(_noted, copies, Quote(span, (sentence,), probability)))
    return [_judged(quote, policy) for quote in sorted(quotes, key=lambda quote: -quote.confidence)]


def select_next_quotes(
    hits: Sequence[Hit],
    probabilities: Sequence[Sequence[float]],
    sentences_of: Callable[[Document], Sequence[Span]],
    policy: Policy,
    *,
    after: int,
) -> list[Quote]:
    """The quotes that come when `after` times more were asked for; each time other ones, in the end none.

    What comes first is what `select_quotes` gives; later ones need only reach the policy's threshold.
    """
    quotes = select_quotes(hits, probabilities, sentences_of, policy)
    for _ in range(after):
        shown = [sentence for quote in quotes for sentence in _within(quote.span, sentences_of(quote.span.document))]
        places, said = set(shown), {same_words(sentence.text) for sentence in shown}
        probabilities = [
            [
                -1.0 if sentence in places or same_words(sentence.text) in said else probability
                for sentence, probability in zip(hit.passage.sentences, row, strict=True)
            ]
            for hit, row in zip(hits, probabilities, strict=True)
        ]
        quotes = select_quotes(hits, probabilities, sentences_of, replace(policy, quote_share=0.0))
    return quotes


def _places(sentence: Span, hit: Hit, sentences_of: Callable[[Document], Sequence[Span]]) -> list[Span]:
    """What would be quoted of a sentence of a hit, then of the same sentence in its copies."""
    number = hit.passage.sentences.index(sentence)
    sentences = [sentence, *(copy.sentences[number] for copy in hit.copies)]
    return [standing_range(one, sentences_of(one.document)) for one in sentences]


def _judged(quote: Quote, policy: Policy) -> Quote:
    is_sure = quote.confidence >= policy.sure_threshold
    return replace(quote, sureness=Sureness.VERY_LIKELY if is_sure else Sureness.POSSIBLE)


def _shown_by(
    quotes: Sequence[Quote], sentence: Span, sentences_of: Callable[[Document], Sequence[Span]]
) -> int | None:
    """The number of the quote that shows a sentence that says the same from another place, if one does."""
    words = same_words(sentence.text)
    for number, quote in enumerate(quotes):
        is_other = quote.span.document != sentence.document
        shown = _within(quote.span, sentences_of(quote.span.document)) if is_other else quote.evidence
        if any(same_words(other.text) == words for other in shown):
            return number
    return None


def _within(span: Span, sentences: Sequence[Span]) -> Sequence[Span]:
    """The sentences that lie in `span`."""
    first, last = (
        bisect_left(sentences, place, key=lambda sentence: sentence.start) for place in (span.start, span.end)
    )
    return sentences[first:last]


def _noted(quote: Quote, place: Span) -> Quote:
    """The quote with `place` among its places in other documents, if it is one that isn't there yet."""
    is_known = place.document == quote.span.document or place in quote.also_in
    return quote if is_known else replace(quote, also_in=(*quote.also_in, place))


def _added(quotes: list[Quote], new: Quote) -> list[Quote]:
    """`quotes` with `new` among them: merged with those that it touches, or as one more."""
    touching = [quote for quote in quotes if _touch(quote.span, new.span)]
    apart = [quote for quote in quotes if quote not in touching]
    return [*apart, _merged([*touching, new]) if touching else new]


def _touch(one: Span, other: Span) -> bool:
    """Whether the two overlap, or only white space without a paragraph's end lies between them."""
    if one.document != other.document:
        return False
    first, second = sorted((one, other), key=lambda span: span.start)
    between = one.document.text[first.end : second.start]
    return second.start < first.end or (not between.strip() and "\n\n" not in between)


def _merged(quotes: Sequence[Quote]) -> Quote:
    start, end = min(quote.span.start for quote in quotes), max(quote.span.end for quote in quotes)
    evidence = sorted((sentence for quote in quotes for sentence in quote.evidence), key=lambda span: span.start)
    return Quote(
        Span(quotes[0].span.document, start, end),
        tuple(evidence),
        max(quote.confidence for quote in quotes),
        tuple(dict.fromkeys(place for quote in quotes for place in quote.also_in)),
    )
