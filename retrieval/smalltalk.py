"""Inputs that are no questions to the documents: greetings, thanks, and questions about the chat itself."""

import re

from retrieval.model import Reason

__all__ = ["small_talk"]

_OPENING = (
    r"(?:(?:hi|hello|hey|ok|okay|so|well|please|and|great|perfect|cool|nice|good|got it|thanks|thank you)\b[\s,!.]*)*"
)
_CLOSING = (
    r"(?:[\s,!.?]*(?:there|everyone|all|bot|please|again|friend|doctor|mate|today|a lot|so much|very much|bye|goodbye"
    r"|for (?:the|your|all the|all your) (?:help|information|info|answers?|quotes?)))*\W*"
)
_ASKED_OF_THE_CHAT = (
    r"(?: (?:about|answer|are|articles?|ask|available|bot|can|chat|could|cover|covered|do|documents?|does|from|have"
    r"|here|i|is|it|know|quote|questions?|sources?|there|this|topics?|use|we|you|your))"
)
_PHRASES = {
    Reason.GREETING: (
        r"hi+",
        r"hello+",
        r"hey+",
        r"hiya|howdy|greetings|yo|sup",
        r"good (?:morning|afternoon|evening|day)",
        r"how are you(?: doing)?|how do you do|nice to meet you|what'?s up",
        r"is (?:anyone|anybody|somebody) there|are you there|test(?:ing)?",
    ),
    Reason.THANKS: (
        r"(?:many )?thank(?:s| you| u)|thx|ty|cheers|much appreciated",
        r"that(?: was| is|'s) (?:very |really )?(?:helpful|useful|great)",
        r"ok(?:ay)?|alright|great|perfect|cool|nice|good|got it|that'?s all|i'?m done",
        r"bye(?: bye)?|goodbye|see you",
    ),
    Reason.TOPICS: (
        rf"what (?:can|could|may|should|do) (?:i|we|you) (?:ask|know|cover){_ASKED_OF_THE_CHAT}*",
        rf"(?:what|which) (?:topics|subjects|questions|documents|sources|articles?){_ASKED_OF_THE_CHAT}+",
        r"what (?:is|are) (?:this|these|the|your) (?:documents?|sources?|articles?)(?: about)?|what is this about",
        r"(?:(?:give|show) me (?:some )?)?(?:topics|examples?)(?: questions?)?",
    ),
    Reason.CAPABILITIES: (
        r"help(?: me)?|can you help(?: me)?|what (?:can|do) you (?:do|offer)(?: for me)?",
        r"how (?:can|do) you (?:help|work)(?: me)?|how does this(?: \w+)? work|how do i use (?:this|you)(?: \w+)?",
        r"(?:who|what) (?:are|r) you|are you an? \w+(?: \w+)?|are you (?:real|human)|what is your name",
        r"what is this(?: (?:bot|chat|site|page))?|who (?:made|built|wrote) (?:you|this)",
        r"where do (?:you|your answers) (?:get|come)(?: \w+){0,5}",
    ),
}
_WHOLE = {
    reason: re.compile(f"{_OPENING}(?:{'|'.join(phrases)}){_CLOSING}", re.IGNORECASE)
    for reason, phrases in _PHRASES.items()
}


def small_talk(text: str) -> Reason | None:
    """What kind of small talk the whole of `text` is; `None` if it asks anything else, a greeting before it or not."""
    plain = " ".join(text.replace("’", "'").split())
    return next((reason for reason, pattern in _WHOLE.items() if pattern.fullmatch(plain)), None)
