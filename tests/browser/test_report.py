"""The report of an evaluation: filtered with the keyboard, in light and in dark, and complete without a network."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from evals.measures import Table, measure
from evals.report import Run, to_record, write_report
from tests.outcomes import DOCUMENTS, OUTCOMES

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    table = Table.of(OUTCOMES, DOCUMENTS)
    run = Run("moths", "0123", {"answer_threshold": 0.5}, {}, OUTCOMES, table, measure(table), ())
    paths: list[Path] = write_report(to_record(run), tmp_path_factory.mktemp("report"))
    return next(path for path in paths if path.suffix == ".html").as_uri()


def test_cases_are_filtered_by_kind_outcome_and_words(browser: Browser, page_url: str) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(page_url)
    count, shown = page.get_by_role("status"), page.locator("article:visible h3")
    expect(count).to_have_text("12 of 12 cases")
    expect(shown.first).to_have_text("question 7")
    page.locator("select[name=kind]").select_option("odd")
    expect(shown).to_have_text(["question 4", "question 5"])
    page.locator("select[name=verdict]").select_option("refused, must not")
    expect(shown).to_have_text(["question 5"])
    expect(count).to_have_text("1 of 12 cases")
    page.locator("select[name=kind]").select_option("")
    expect(shown).to_have_text(["question 5", "question 10"])
    page.get_by_role("searchbox").press_sequentially("BELLS ring")
    expect(shown).to_have_text(["question 10"])
    page.keyboard.press("Enter")
    expect(shown).to_have_text(["question 10"])
    assert complaints == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_is_accessible_and_fits_its_window(browser: Browser, page_url: str, scheme: str, width: int) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light", bypass_csp=True)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(page_url)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    targets = page.locator("a, button, summary, select, input")
    assert targets.count() > 3
    for box in (target.bounding_box() for target in targets.all()):
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 44
    context.close()
