"""The responder in a conversation: more of the same, follow-ups, and words that are misspelt."""

from dataclasses import replace

import pytest

from retrieval.answer import Responder
from retrieval.index import PassageIndex
from retrieval.model import Abstention, Answer, NoticeKind, Reason
from tests.answering import of_keyword, quoted, reason_of
from tests.picking import dialogue_of


def test_more_shows_other_quotes_until_there_are_none(vantor_index: PassageIndex) -> None:
    responder = of_keyword(vantor_index, "reed")
    history = ["Where do reeds grow?"]
    pages = [quoted(responder.answer(history[0]))]
    while isinstance(reply := responder.answer("tell me more", history), Answer):
        assert (reply.question, reply.asked_as) == ("tell me more", history[0])
        pages.append(quoted(reply))
        history.append("tell me more")
    assert reply == Abstention("tell me more", history[0], Reason.NO_MORE)
    shown = [text for page in pages for text in page]
    assert len(pages) > 1
    assert len(shown) == len(set(shown))
    sentences = [s for document in vantor_index.documents for s in vantor_index.sentences_of(document)]
    assert all(any(s.text in text for text in shown) for s in sentences if "reed" in s.text)
    assert responder.looked_up("more", [*history, "And moths?", "more"]) == responder.looked_up(
        "And moths?", history[:1]
    )


def test_more_of_nothing_is_a_question_like_any_other(vantor_index: PassageIndex) -> None:
    reply = of_keyword(vantor_index, "zorble").answer("more", ["Do moths zorble?"])
    assert reason_of(reply) is Reason.NO_EVIDENCE
    assert reply.asked_as == "Do moths zorble?"
    assert of_keyword(vantor_index, "reed").answer("what else?").asked_as == "what else?"


def test_misspelt_words_are_looked_up_as_the_documents_have_them_and_that_is_said(vantor_index: PassageIndex) -> None:
    responder = of_keyword(vantor_index, "amber")
    reply = responder.answer("When do glimer moths turn to ambr?")
    assert reply.asked_as == "When do glimmer moths turn to amber?"
    (notice,) = reply.notices
    assert notice.kind is NoticeKind.CORRECTED_SPELLING
    assert notice.text.startswith("Showing results for “glimmer”, “amber” instead of “glimer”, “ambr”.")
    assert notice.instead == "When do “glimer” moths turn to “ambr”?"
    as_typed = responder.answer(notice.instead)
    assert (as_typed.asked_as, as_typed.notices) == (notice.instead, ())


def test_words_that_a_follow_up_takes_are_spelt_right_as_its_own_are(vantor_index: PassageIndex) -> None:
    responder = of_keyword(vantor_index, "amber", dialogue_of("glimer", "moths"))
    reply = responder.answer("And in a strom?", ["Do glimer moths shine?"])
    assert reply.asked_as == "And in a storm (glimmer moths)?"
    (notice,) = reply.notices
    assert notice.instead == "And in a “strom” (“glimer” moths)?"
    assert responder.answer(notice.instead, ["Do glimer moths shine?"]).asked_as == notice.instead


def test_a_follow_up_is_asked_of_what_it_points_at_by_the_shipped_network(vantor_index: PassageIndex) -> None:
    responder, history = Responder.over(vantor_index), ["What are glimmer moths?"]
    assert responder.looked_up("how are they fed?", history) == "how are glimmer moths fed?"
    assert responder.looked_up("Where do silver reeds grow?", history) == "Where do silver reeds grow?"


@pytest.mark.parametrize(("typed", "understood"), [("stomr", "storm"), ("glimmerr", "glimmer")])
def test_a_slip_that_looks_like_nonsense_or_another_language_is_no_reason_to_refuse(
    typed: str, understood: str, vantor_index: PassageIndex
) -> None:
    responder = of_keyword(vantor_index, understood)
    assert responder.looked_up(typed) == understood
    assert replace(responder, corrects_spelling=False).looked_up(typed) is None
