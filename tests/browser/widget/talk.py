"""What a person does with the widget, as functions."""

from playwright.sync_api import Locator, Page, expect

LAUNCHER = "insights-help .launcher"
PANEL = "insights-help .panel"
BOX = "insights-help textarea"
SEND = "insights-help .send"
TURN = "insights-help .turn"
FOCUSED = """() => {
  const found = document.activeElement;
  return (found.shadowRoot?.activeElement ?? found).className || (found.shadowRoot?.activeElement ?? found).localName;
}"""


def opened(page: Page) -> Page:
    """The page, with the panel open."""
    if not page.locator(PANEL).is_visible():
        page.locator(LAUNCHER).click()
    expect(page.locator(PANEL)).to_be_visible()
    return page


def ask(page: Page, question: str) -> Locator:
    """Type a question, press Enter, and give the turn that comes."""
    opened(page)
    before = page.locator(TURN).count()
    page.locator(BOX).fill(question)
    page.locator(BOX).press("Enter")
    turns = page.locator(TURN)
    expect(turns).to_have_count(before + 1)
    return turns.last


def text_of(locator: Locator) -> str:
    """The characters of an element as they stand in the page, whatever the style makes of them."""
    text: str = locator.evaluate("element => element.textContent")
    return text


def focused(page: Page) -> str:
    """The class, or else the tag, of what has the focus, looked for inside the widget too."""
    name: str = page.evaluate(FOCUSED)
    return name
