"""Stories for made documents."""

from tests.made.text import story


def test_a_story_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert story(4) == story(4)
    assert story(4) != story(5)


def test_no_sentence_stands_in_a_story_twice_and_all_stand_in_its_blocks() -> None:
    told = story(1, chapters=12)
    whole = "\n".join(block.text for block in told.blocks)

    assert [whole.count(sentence) for sentence in told.sentences] == [1] * len(told.sentences)
