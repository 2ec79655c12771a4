"""What a person does with the chat page, as functions."""

from playwright.sync_api import Locator, Page, expect

BOX = "#box textarea"


def ask(page: Page, question: str) -> Locator:
    """Type a question, press Enter, and give the turn that comes."""
    before = page.locator(".turn").count()
    page.fill(BOX, question)
    page.press(BOX, "Enter")
    turns = page.locator(".turn")
    expect(turns).to_have_count(before + 1)
    return turns.last


def text_of(locator: Locator) -> str:
    """The characters of an element as they stand in the page, whatever the style makes of them."""
    text: str = locator.evaluate("element => element.textContent")
    return text


def has_focus(page: Page, selector: str) -> bool:
    """Whether the focus is on the element."""
    there: bool = page.evaluate("selector => document.activeElement === document.querySelector(selector)", selector)
    return there
