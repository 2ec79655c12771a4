"""The API does what /openapi.json says, for whatever schemathesis makes of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.browser.vantor import SITE, Keeper, edition_of
from ui.server import create_app

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

FEEDBACK = Path("/dev/null")
APP = create_app(replace(SITE, feedback=FEEDBACK), lambda: edition_of(Keeper()))
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", APP)


@SCHEMA.parametrize()
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_reply_is_as_described(case: "Case[Any]") -> None:
    response = case.call()
    assert response.status_code < 500
    # What no type can say: that the documents have such a passage, and how long a question may be.
    is_beyond_types = response.status_code == 422 and response.json()["error"]["code"] in {"nothing_passes", "too_long"}
    case.validate_response(response, excluded_checks=[positive_data_acceptance] if is_beyond_types else [])
