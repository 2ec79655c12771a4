"""The fixed words of the safety notices; whole by themselves, and without any medical claim."""

from collections.abc import Mapping
from typing import Final

from retrieval.model import NoticeKind

__all__ = ["TEXTS"]

TEXTS: Final[Mapping[NoticeKind, str]] = {
    NoticeKind.EMERGENCY: (
        "This may be an emergency. Call your local emergency number now. This chat cannot help in an emergency."
    ),
    NoticeKind.CRISIS: (
        "You do not have to face this alone. Please talk to someone now: call a crisis line, or someone you trust. If "
        "anyone is in danger now, call your local emergency number. This chat cannot help in a crisis."
    ),
    NoticeKind.PERSONAL_ADVICE: (
        "This chat cannot advise on your own case: what it quotes is general information. Please ask your doctor, "
        "nurse or pharmacist before you start, change or stop anything."
    ),
}
