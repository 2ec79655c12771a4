"""The page about the API, for everyone, and under its own strict policy."""

import pytest

from tests.browser.conftest import Open
from tests.browser.test_access import OVERFLOW, schemes, violations

pytestmark = pytest.mark.browser


@schemes
@pytest.mark.parametrize("width", [1280, 375, 320])
def test_axe_finds_nothing_wrong_with_the_page_about_the_api(open_page: Open, dark: bool, width: int) -> None:
    page = open_page("/docs", dark=dark, size=(width, 860))
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.reload()
    assert violations(page) == []
    assert page.evaluate(OVERFLOW) == 0
    assert [line for line in said if "axe" not in line] == []
