"""From question to reply: what is answered, what is refused and why, and that an answer is verbatim."""

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.model import Passage
from retrieval.answer import Responder
from retrieval.dialogue import Dialogue
from retrieval.generation import IndexFolderError
from retrieval.index import PassageIndex
from retrieval.model import Abstention, Answer, Reason
from retrieval.policy import default_policy
from retrieval.reader_network import shipped_sha256
from tests.answering import Keyword, of_keyword, quoted, reason_of
from tests.fiction import MOTHS
from tests.own import OWN, own_workshop, replies
from tests.picking import PickedByHand, dialogue_of
from tests.workshop import Workshop

TITLE = "Dystonia and Seizures Insights Help"
LONGEST = default_policy().max_question_characters
ALONE = dialogue_of()  # follow-ups take no words


@pytest.fixture(scope="session")
def own(vantor: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return own_workshop(vantor, tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def responder(own: Workshop) -> Responder:
    return Responder.open(own.home, corpus=own.corpus)


def test_what_dystonia_is_is_answered_with_the_definition(responder: Responder) -> None:
    assert quoted(responder.answer("What is dystonia?"))[0].startswith(
        "Dystonia is a movement disorder characterized by"
    )


def test_how_dystonia_is_treated_is_answered_with_the_whole_sentence_that_the_file_has_in_two_parts(
    responder: Responder,
) -> None:
    first = quoted(responder.answer("how is dystonia treated"))[0]
    assert first.startswith("Medications such as anticonvulsants")
    assert "while dystonia may be managed with muscle relaxants" in first
    assert "\n" not in first


def test_a_follow_up_is_answered_of_the_earlier_subject_and_says_what_was_looked_up(responder: Responder) -> None:
    reply = responder.answer("how is it treated?", ["What is dystonia?"])
    assert (reply.question, reply.asked_as) == ("how is it treated?", "how is dystonia treated?")
    assert quoted(reply) == quoted(responder.answer("how is dystonia treated?"))


def test_a_question_that_the_documents_do_not_answer_gets_none(responder: Responder) -> None:
    reply = responder.answer("What is the capital of France?")
    assert isinstance(reply, Abstention)
    assert reply.reason is Reason.NO_EVIDENCE
    assert len(reply.closest) == 3


def test_every_example_of_the_project_is_answered(responder: Responder) -> None:
    examples = (OWN / "examples.txt").read_text(encoding="utf-8").splitlines()
    assert examples
    assert [example for example in examples if not isinstance(responder.answer(example), Answer)] == []


def test_every_quote_of_every_committed_case_is_verbatim_and_shown_once_and_holds_no_title(own: Workshop) -> None:
    answers = [reply for _, reply in replies(own.home) if isinstance(reply, Answer)]
    assert answers
    for reply in answers:
        shown = quoted(reply)
        text = (OWN / "documents" / f"{reply.quotes[0].span.document.id}.txt").read_text(encoding="utf-8")
        assert [text[quote.span.start : quote.span.end] for quote in reply.quotes] == shown
        assert len(set(shown)) == len(shown) <= default_policy().max_quotes
        assert not any(TITLE in quote for quote in shown)
        assert all(quote.span.covers(sentence) for quote in reply.quotes for sentence in quote.evidence)
        assert all(0 <= quote.confidence <= 1 for quote in reply.quotes)


def test_no_two_quotes_of_a_committed_case_overlap(own: Workshop) -> None:
    for _, reply in replies(own.home):
        quotes = reply.quotes if isinstance(reply, Answer) else ()
        spans = [quote.span for quote in quotes]
        assert not any(one.overlaps(other) for n, one in enumerate(spans) for other in spans[n + 1 :])


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        *(("", Reason.EMPTY), (" \n\t ", Reason.EMPTY), (" " * (LONGEST + 1), Reason.EMPTY)),
        *(("a" * (LONGEST + 1), Reason.TOO_LONG), ("Moths? " * 400, Reason.TOO_LONG)),
        *(("Hello!", Reason.GREETING), ("thanks a lot", Reason.THANKS), ("who are you?", Reason.CAPABILITIES)),
        *(("What can I ask?", Reason.TOPICS), ("¿Qué es la polilla?", Reason.OTHER_LANGUAGE)),
        *(("ما هو العث؟", Reason.OTHER_LANGUAGE), ("Was sind Motten?", Reason.OTHER_LANGUAGE)),
        *(("xqzt bvvk", Reason.NONSENSE), ("asdkjh qwoieur zxmcnb", Reason.NONSENSE), ("?!?", Reason.NONSENSE)),
        *(("12 345", Reason.NONSENSE), ("🌒🌒", Reason.NONSENSE), ("what is \ud800 a moth", Reason.NONSENSE)),
        *(("glimmer moths", None), ("EEG MRI", None), ("a" * LONGEST, None), ("what is " + "moth " * 398, None)),
    ],
)
def test_what_is_no_question_to_the_documents_is_refused_with_the_reason(
    responder: Responder, question: str, reason: Reason | None
) -> None:
    reply = responder.answer(question)
    assert reply.question == question
    assert reason_of(reply) in ({reason} if reason else {None, Reason.NO_EVIDENCE})
    assert (responder.looked_up(question) is None) == (reason is not None)


def test_what_was_no_question_leaves_no_trace_in_the_next(responder: Responder) -> None:
    history = ["", "What is dystonia?", "hello", "thanks!", "ما هو العث؟", "xqzt bvvk", "moth " * 500, "\ud800"]
    assert responder.answer("how is it treated?", history).asked_as == "how is dystonia treated?"


def test_what_can_be_meant_is_what_was_asked_with_its_white_space_made_plain(vantor_index: PassageIndex) -> None:
    by_hand = PickedByHand({"moths": 0.9})
    responder = of_keyword(vantor_index, "amber", Dialogue(by_hand.picks, 0.5, 0.5))
    history = [
        "",
        " What\n are\tmoths? ",
        "hello",
        "x" * (LONGEST + 1),
        "moths \ud800",
        "y" * LONGEST,
        "tell me more",
        "?",
    ]
    assert responder.looked_up(" why\tso?", history) == "why so (moths)?"
    assert by_hand.histories == [["What are moths?", "y" * LONGEST, "?"]]


def test_a_question_after_a_thousand_others_is_understood_at_once(responder: Responder) -> None:
    history = ["What is dystonia?", *("moth it " * (LONGEST // 8) for _ in range(1000))]
    began = time.perf_counter()
    asked_as = responder.looked_up("how is it treated?", history)
    assert time.perf_counter() - began < 4
    assert asked_as is not None
    assert len(asked_as) < 300


def test_the_question_is_looked_up_with_its_white_space_made_plain(responder: Responder) -> None:
    reply = responder.answer("  What\nis \t dystonia?  ")
    assert reply.asked_as == "What is dystonia?"
    assert quoted(reply) == quoted(responder.answer("What is dystonia?"))


def test_the_topics_of_one_document_are_how_its_passages_begin_in_its_own_words(responder: Responder) -> None:
    reply = responder.answer("What can I ask?")
    assert isinstance(reply, Abstention)
    (document,) = responder.index.documents
    openings = [passage.sentences[0] for passage in responder.index.passages_of(document)]
    assert len(reply.closest) == len(set(reply.closest)) > 1
    assert all(any(topic.covers(opening) for topic in reply.closest) for opening in openings)
    assert not any(TITLE in topic.text for topic in reply.closest)


def test_the_topics_of_several_documents_are_their_titles_or_how_they_begin(workshop: Workshop) -> None:
    workshop.vet("bells", "Nine bells hang over the lake of Vantor, and each of them has a name of its own. They ring.")
    workshop.build()
    topics = Responder.open(workshop.home, corpus=workshop.corpus).topics()
    assert {topic.document.id: topic.text for topic in topics} == {
        "moths": "The glimmer moths of Vantor",
        "reeds": "The silver reeds of Vantor",
        "bells": "Nine bells hang over the lake of Vantor, and each of them has a name of its own.",
    }


def test_the_topics_of_one_document_with_sections_are_their_headings(tmp_path: Path, tiny_encoder: str) -> None:
    alone = Workshop(tmp_path / "corpus", tmp_path / "index", tiny_encoder)
    alone.vet("moths", MOTHS)
    alone.build()
    topics = Responder.open(alone.home, corpus=alone.corpus).topics()
    assert [topic.text for topic in topics] == ["Where they live", "What keepers bring", "When they shine"]


def test_a_quote_brings_the_list_and_what_it_leans_on(vantor_index: PassageIndex) -> None:
    reply = of_keyword(vantor_index, "amber").answer("When do they turn to amber?")
    assert quoted(reply) == ["The light is pale green on calm evenings. It turns to amber when a storm is near."]
    (bring,) = quoted(of_keyword(vantor_index, "ruled paper").answer("What does a keeper bring?"))
    assert bring.startswith("A keeper who counts the moths brings:\n\n- a lantern")
    assert bring.endswith("- a bell, unless the reeds are in flower")


def test_without_evidence_the_closest_passages_are_named_and_nothing_is_quoted(vantor_index: PassageIndex) -> None:
    asked: list[str] = []
    reply = Responder(vantor_index, Keyword("zorble", asked), ALONE, vantor_index.policy).answer("Do moths zorble?")
    closest = tuple(hit.passage.span for hit in vantor_index.search("Do moths zorble?", k=8)[:3])
    assert reply == Abstention("Do moths zorble?", "Do moths zorble?", Reason.NO_EVIDENCE, closest)
    assert asked == ["Do moths zorble?"]


def test_an_index_of_another_reader_is_refused_with_the_remedy(vantor_index: PassageIndex) -> None:
    other = replace(vantor_index, manifest=replace(vantor_index.manifest, reader_sha256="0" * 64))
    with pytest.raises(IndexFolderError, match=r"calibrated with the reader 000000000000…, .*run: insights build"):
        Responder.over(other)
    assert vantor_index.manifest.reader_sha256 == shipped_sha256()


def test_an_error_stays_an_error(vantor_index: PassageIndex) -> None:
    class Broken:
        def read(self, question: str, passages: Sequence[Passage]) -> list[list[float]]:
            raise RuntimeError(f"{question}, {len(passages)} passages")

    with pytest.raises(RuntimeError, match="Do moths hum"):
        Responder(vantor_index, Broken(), ALONE, vantor_index.policy).answer("Do moths hum?")


def test_eight_threads_give_the_replies_of_one(responder: Responder, own: Workshop) -> None:
    cases, alone = zip(*replies(own.home)[:60], strict=True)
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda case: responder.answer(case.question, case.history), cases))
    assert together == list(alone)


def test_answering_loads_no_torch_and_nothing_of_the_build(own: Workshop) -> None:
    program = (
        "import sys; from pathlib import Path; from retrieval.answer import Responder; "
        "reply = Responder.open(Path(sys.argv[1])).answer('how is it treated?', ['What is dystonia?']); "
        "loaded = {'torch', 'sentence_transformers', 'transformers', 'ingest', 'gradio'} & set(sys.modules); "
        "sys.exit(f'{loaded}' if loaded or not reply.quotes else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(own.home)], cwd=OWN.parent, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
