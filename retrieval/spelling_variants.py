"""British and American spelling: one form for both, so that the words of a question and of a document can meet.

The form is for matching alone and is never shown. Mostly it is the American spelling; but "-lyze" becomes "-lyse", as
"analyses" and "paralyses" are American plurals too. Each rule names the roots that it is for. Verbs in "-ise" are too
many for that: there the words are listed that have an "s" everywhere.
"""

import re
from functools import lru_cache

__all__ = ["canonical_spelling"]

# Words of which the form is remembered: more than most corpora have.
_REMEMBERED = 65_536

# Roots in which "ae" and "oe" are "e" in American. Not where two parts of a word meet ("extraembryonic",
# "gastroesophageal", "angioedema"), and not in plurals ("vertebrae").
_DIGRAPHS = re.compile(
    r"aem(?![bp])|aesth|anaest|aetio|archaeo|palaeo|chimaer|encyclopaed|mediaev|primaev|[cf]aec(?=[aeiou])|gynaec"
    r"|^caes(?=ar|i)|^[ln]aev|paed(?=[eio])|phaeo|^praevi|^taenia"
    r"|(?<!angi)oedem|(?:^|(?<=o))oesophag|(?:^|(?<=[io]))oestr(?=[aiou])"
    r"|amoeb|^coeli|coele(?=s?$)|copoei|foet(?=[aiou])|homoeo|manoeuv|pnoe|rrhoe"
)
_OUR = (
    "arb|arm|behavi|cand|clam|col|demean|endeav|fav|ferv|flav|glam|hon|hum|lab|neighb|od|parl|ranc|rig|rum|savi?|splend"
    "|succ|tum|val|vap|vig"
)
_RE = "calib|cent|fib|goit|lit|louv|lust|maneuv|meag|met|mit|och|sab|scept|sepulch|somb|spect|theat|tit"
_LL = (
    "bevel|cancel|channel|chisel|council|counsel|dial|dishevel|duel|enamel|equal|fuel|funnel|grovel|initial|jewel"
    "|kennel|label|level|libel|marvel|medal|metal|model|panel|parcel|pedal|pencil|quarrel|ravel|revel|rival|shovel"
    "|shrivel|signal|snivel|snorkel|spiral|stencil|swivel|total|towel|tranquil|travel|trial|tunnel|wool|yodel"
)
_AFTER_LL = "(?:ed|ings?|ers?|ery|ors?|ous|ously|ists?|en|ens|ity|i[sz].*)$"
# What has no "z" for the "s" of its "-ise" ("exercise"), or no such ending ("disable", "penises").
_NEVER_Z = (
    r"[aeouw]|(?:^|sun|moon|up)r|p[ir]|^cer|^fr|clitor|(?:^|pro|pre|^de|sur|che)m|(?:^|ad|de|re|super|tele|impro|pel)v"
    r"|(?:exer|pre|con|ex|in|circum|exor)c|(?:adver|chas|exper|trea|^mor|prac)t|(?:merchan|para)d|franch|desp"
    r"|^den|^pen|trell|^val|metropol|^..?"
)
_AFTER_IS = "(?:e|ed|ers?|es|ing|ingly|able|ably|ational|ations?)$"
# Letters that a word must have, so that most rules cost next to nothing; a pattern; what stands instead. In this order:
# a rule sees what those before it have made.
_RULES = tuple(
    (letters, re.compile(pattern), form)
    for letters, pattern, form in (
        ("esari", "^cesari?an", "cesarean"),
        ("our", f"({_OUR})our", r"\1or"),
        ("re", f"({_RE})re(?=s?$|optic|glass|fold|piece|goer)", r"\1er"),
        ("red", f"({_RE})red$", r"\1ered"),
        ("ring", f"({_RE})ring(?=s?$)", r"\1ering"),
        ("maneuvra", "(?<=maneuv)ra", "era"),
        ("ll", f"({_LL})l(?={_AFTER_LL})", r"\1"),
        ("l", "^(fulfil|enrol|instil|instal|distil)(?=s?$|ment)", r"\1l"),
        ("lyz", "(?<=ly)z(?=(?:e|ed|ers?|es|ing)$)", "s"),
        ("is", f"^(?!.*(?:{_NEVER_Z})is{_AFTER_IS})(.+)is(?={_AFTER_IS})", r"\1iz"),
        ("sulph", "sulph", "sulf"),
        ("leuco", "leuco(?!v)", "leuko"),
        ("ogu", "(?<=[aio]l)ogu(?:e(?=s?$)|(?=ed$|ing$))", "og"),
        ("gramme", "gramme(?=s?$)", "gram"),
        ("moul", "^(re|s)?moul(?=[dt])", r"\1mol"),
        ("neurone", "neurone(?=s?$)", "neuron"),
        ("disc", "disc(?=s?$|ectom)", "disk"),
        ("focuss", "focuss", "focus"),
        ("enquir", "^enquir", "inquir"),
        ("sceptic", "^sceptic", "skeptic"),
        ("plough", "plough", "plow"),
        ("yog", "^yogh?o?urt", "yogurt"),
        ("pyjama", "^pyjama", "pajama"),
        ("moustach", "^moustach", "mustach"),
        ("artefact", "^artefact", "artifact"),
        ("calliper", "^calliper", "caliper"),
        ("grey", "^grey", "gray"),
        ("exion", "^(conn|infl)exion", r"\1ection"),
        ("practis", "^practis(?=(?:e|ed|es|ing)$)", "practic"),
        ("enc", "^(def|lic|off|pret)enc(?=e|ing)", r"\1ens"),
        ("gement", "^(acknowledg|judg)ement", r"\1ment"),
        ("jewelery", "jewelery", "jewelry"),
    )
)
# Words that no rule is for.
_WORDS = {
    "aeroplane": "airplane",
    "aeroplanes": "airplanes",
    "ageing": "aging",
    "aluminium": "aluminum",
    "burnt": "burned",
    "dietician": "dietitian",
    "dieticians": "dietitians",
    "gelatine": "gelatin",
    "glycerine": "glycerin",
    "haem": "heme",
    "hiccough": "hiccup",
    "hiccoughs": "hiccups",
    "learnt": "learned",
    "programme": "program",
    "programmes": "programs",
}


@lru_cache(_REMEMBERED)
def canonical_spelling(word: str) -> str:
    """The form that the British and the American spelling of `word` share; both are in lower case.

    Most words are their own form. The form of a form is the form itself.
    """
    form = _WORDS.get(word, word)
    if "ae" in form or "oe" in form:
        form = _DIGRAPHS.sub(_plain_e, form)
    for letters, pattern, replacement in _RULES:
        if letters in form:
            form = pattern.sub(replacement, form)
    return form


def _plain_e(root: re.Match[str]) -> str:
    return root.group().replace("ae", "e").replace("oe", "e")
