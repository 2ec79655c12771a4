"""Takes the README's picture of a chat that is being served: python docs/pictures.py http://127.0.0.1:7860/chat/."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDTH, HEIGHT = 1280, 900


def main(address: str) -> None:
    """Asks two questions and saves what is on the screen then."""
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=options)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(address)
        for number, question in enumerate(("What is dystonia?", "how is it treated?"), start=1):
            page.get_by_role("textbox").fill(question)
            page.get_by_role("textbox").press("Enter")
            page.locator("article.quote").nth(number - 1).wait_for()
            page.wait_for_timeout(1000)
        page.screenshot(path=str(Path(__file__).parent / "chat.png"))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
