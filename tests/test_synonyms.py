"""Lay words and medical ones: both ways, the longest term first, and a table of which every row has a source."""

import re
from functools import partial
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.synonyms import Synonyms

KNOWN = Synonyms.of(
    [
        ("reed glow", "lumen vantorine"),
        ("glow", "luminance"),
        ("dusk fits", "crepuscular spells"),
        ("moth", "lepidopteran"),
        ("moth", "night flier"),
        ("down reed", "pluma"),
        ("lantern moth", "lantern moth"),
    ]
)
SOURCE = re.compile(
    r"(?:CancerGov|CDC|GARD|GHR|MPlusHealthTopics|NHLBI|NIDDK|NIHSeniorHealth|NINDS)_\d{7}(?:_\d+)+"
    r"|pubmed:\d+|general English"
)

OF_MOTHS = [("moth", "lepidopteran"), ("moth", "night flier")]


def names_of(synonyms: Synonyms, question: str) -> list[str]:
    """The other names alone, each once."""
    return list(dict.fromkeys(name for _, name in synonyms.other_names(question)))


@pytest.mark.parametrize(
    ("question", "forms"),
    [
        ("what is Reed-Glow?", ["lumen vantorine"]),  # a longer term, not "glow" in it
        ("does a moth glow?", ["lepidopteran", "night flier", "luminance"]),
        ("lumen vantorine", ["reed glow"]),
        ("a moth's dusk fit, two moths' dusk fits", ["lepidopteran", "night flier", "crepuscular spells"]),
        ("glowing", ["luminance"]),
        ("is a moth a lepidopteran?", ["night flier"]),  # its other name stands there; "moth" does as well
        ("dusk fitness", []),  # the same stem, another word
        ("glowworm", []),
        ("down reed", ["pluma"]),  # a stop word counts
        ("reed", []),
        ("lantern moths", []),  # no moth
        ("who counts the reeds?", []),
        ("", []),
    ],
)
def test_questions_find_the_other_names(question: str, forms: list[str]) -> None:
    assert names_of(KNOWN, question) == forms


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("what is Reed-Glow?", [("Reed Glow", "lumen vantorine")]),
        ("a dusk fit, of moth's", [("dusk fit", "crepuscular spells"), *OF_MOTHS]),
        ("moth, moth", OF_MOTHS),
        ("moth, MOTHS", [*OF_MOTHS, ("MOTHS", "lepidopteran"), ("MOTHS", "night flier")]),
    ],
)
def test_each_other_name_comes_with_the_term_as_it_was_typed(question: str, names: list[tuple[str, str]]) -> None:
    assert KNOWN.other_names(question) == names


@pytest.mark.parametrize(
    ("question", "forms"),
    [
        ("What causes fits?", ["seizures"]),
        ("are seizures dangerous", ["fits", "convulsions"]),
        ("heart attack", ["myocardial infarction"]),
        ("haemorrhoids", ["piles"]),
        ("Down's syndrome", ["trisomy 21"]),
        ("slurred speech and renal failure", ["dysarthria", "kidney failure"]),
        ("Non-Hodgkin lymphoma", []),
        ("pulmonary hypertension", []),
        ("how do I keep fit", []),
        ("HIV", []),  # not hives
        ("fitness", []),
    ],
)
def test_the_table_relates_words_of_askers_and_of_documents(question: str, forms: list[str]) -> None:
    assert names_of(Synonyms.load(), question) == forms


def test_every_row_has_two_names_and_a_source_and_is_found_both_ways() -> None:
    lines = (resources.files("retrieval") / "synonyms.tsv").read_text("utf-8").splitlines()
    rows = [tuple(line.split("\t")) for line in lines if not line.startswith("#")]
    assert [row for row in rows if len(row) != 3 or not SOURCE.fullmatch(row[2])] == []
    assert [row for row in rows if any(field != field.strip() or not field for field in row)] == []
    pairs = [frozenset((one.lower(), other.lower())) for one, other, _ in rows]
    assert len(set(pairs)) == len(pairs)
    forms = partial(names_of, Synonyms.load())
    for one, other, _ in rows:
        if one != other:
            # "essential tremor" stands in "benign essential tremor", and needn't be looked for besides.
            assert other in forms(one) or other in one, (one, other)
            assert one in forms(other) or one in other, (one, other)
        else:
            assert forms(one) == []


@given(st.lists(st.sampled_from("reed glow dusk fits moth lantern lumen vantorine down luminance the?".split())))
def test_what_is_found_is_a_name_of_the_table_and_not_in_the_question(words: list[str]) -> None:
    pairs = KNOWN.other_names(" ".join(words))
    assert len(set(pairs)) == len(pairs)
    assert all(f" {term} " in f" {' '.join(words)} ".replace("?", "") for term, _ in pairs)
    found = [name for _, name in pairs]
    assert {*found} <= {name for names in KNOWN.names.values() for name in names}
    assert not [name for name in found if f" {name} " in f" {' '.join(words)} "]
