"""The encoding of a text is told right or not at all: a wrong guess would change words."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.raw import IngestError
from ingest.readers.encoding import decode

UNSURE = "its encoding can't be told: it isn't UTF-8, and no other reads without doubt; save it as UTF-8"
NUL = "not text: it holds NUL bytes; export it as UTF-8 text first"
# What the moths of Vantor do, in the languages and the encodings that such texts were written in.
ENGLISH = "The keeper’s lantern – a blue glass – costs £5 in the café of Vantor, and moths rest on the naïve reeds."
PLAIN = "It burns at 40° in the evening, and moths rest on the naïve reeds."
FRENCH = "Les papillons se reposent sur les roseaux argentés près du lac, où l'été finit tôt. Ça dépend de la lumière."
GERMAN = "Die Falter ruhen auf Röhricht und fliegen über den See. Größe und Höhe zählen die Wärter."
SPANISH = "¿Dónde descansan las polillas? En los juncos del lago, según el señor Muñoz."
SWEDISH = "Fjärilarna vilar på sjöns silvriga vass och flyger på kvällen."
POLISH = "Ćmy odpoczywają na srebrnych trzcinach jeziora, które pochylają się ku północy. Żółte światło."
CZECH = "Můry odpočívají na stříbrném rákosí jezera, které se naklání k severu. Příliš žluťoučký kůň."
HUNGARIAN = "A molyok a tó ezüstös nádján pihennek, és este repülnek. Őszi fűzfa."
TURKISH = "Kelebekler göldeki gümüş sazların üzerinde dinlenir ve akşamları uçar. Işık ve şeker."
RUSSIAN = "Мотыльки отдыхают на серебряном тростнике озера и летают вечером."
UKRAINIAN = "Метелики відпочивають на сріблястому очереті озера і літають увечері."
GREEK = "Οι πεταλούδες ξεκουράζονται στα καλάμια της λίμνης το βράδυ."
ARABIC = "تستريح الفراشات على قصب البحيرة الفضي وتطير في المساء."
JAPANESE = "蛾は湖の銀色の葦の上で休み、夕方に飛びます。"
CHINESE = "飞蛾在湖边的银色芦苇上休息,傍晚飞行。" * 4
TAIWANESE = "飛蛾在湖邊的銀色蘆葦上休息，傍晚飛行。"
KOREAN = "나방은 호수의 은빛 갈대에서 쉬고 저녁에 날아간다."
HEBREW = "הפרפרים נחים על הקנים של האגם בערב\n" * 8

WRITTEN = [
    (ENGLISH, "cp1252"),
    (ENGLISH, "mac_roman"),
    (PLAIN, "iso8859-1"),
    (FRENCH, "cp1252"),
    (FRENCH, "iso8859-15"),
    (FRENCH, "mac_roman"),
    (GERMAN, "cp1252"),
    (SPANISH, "cp1252"),
    (SWEDISH, "iso8859-1"),
    (POLISH, "cp1250"),
    (POLISH, "iso8859-2"),
    (CZECH, "cp1250"),
    (CZECH, "iso8859-2"),
    (HUNGARIAN, "cp1250"),
    (TURKISH, "cp1254"),
    (TURKISH, "iso8859-9"),
    (RUSSIAN, "koi8-r"),
    (RUSSIAN, "cp1251"),
    (RUSSIAN, "iso8859-5"),
    (RUSSIAN, "cp866"),
    (UKRAINIAN, "koi8-u"),
    (UKRAINIAN, "cp1251"),
    (GREEK, "cp1253"),
    (GREEK, "iso8859-7"),
    (HEBREW, "cp1255"),
    (ARABIC, "cp1256"),
    (JAPANESE, "cp932"),
    (JAPANESE, "euc_jp"),
    (JAPANESE, "iso2022_jp"),
    (CHINESE, "gb18030"),
    (TAIWANESE, "big5"),
    (KOREAN, "cp949"),
]
TEXTS = sorted({text for text, _ in WRITTEN})


def read(data: bytes, declared: str | None = None) -> str:
    """The text, or why there is none."""
    try:
        return decode(data, declared=declared)
    except IngestError as refused:
        return str(refused)


@pytest.mark.parametrize(("text", "encoding"), WRITTEN, ids=lambda value: value if value.isascii() else None)
def test_a_text_in_an_encoding_of_its_language_is_read_as_it_was_written(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
)
def test_every_unicode_encoding_is_read_with_its_mark_or_without(text: str, encoding: str) -> None:
    long = f"{text}\n{text}\n"
    assert decode(long.encode(encoding)) == long


@settings(deadline=None)
@example(("światło.", "iso8859-2"))
@example(("– blue The", "mac_roman"))
@given(
    st.sampled_from(WRITTEN).flatmap(
        lambda written: st.tuples(
            st.lists(st.sampled_from(written[0].split(" ")), min_size=1, max_size=40).map(" ".join),
            st.just(written[1]),
        )
    )
)
def test_an_encoding_is_told_right_or_the_file_refused(written: tuple[str, str]) -> None:
    text, encoding = written
    assert read(text.encode(encoding)) in {text, UNSURE}


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("Röhricht", "cp1252", "windows-1252"),
        ("Röhricht’s", "cp1252", "ISO-8859-1"),  # as browsers take it
        ("Ćmy są", "iso8859-2", "iso-8859-2"),
        ("蛾は", "cp932", "Shift_JIS"),
        ("Мотыльки", "koi8-r", " 'koi8-r' "),
        ("Röhricht", "utf-8", "windows-1252"),  # what is UTF-8 can hardly be another
        ("Röhricht", "utf-8", "no such encoding"),
        ("Röhricht", "utf-8", "rot13"),
        ("Röhricht", "utf-8", "\0"),
        ("葦", "utf-16", "utf-8"),
        ("Moths rest.\n", "utf-16-le", "utf-16"),
    ],
)
def test_what_a_text_declares_counts_where_it_fits(text: str, encoding: str, declared: str) -> None:
    assert decode(text.encode(encoding), declared=declared) == text


def test_a_wrong_declaration_is_passed_over() -> None:
    assert decode(ENGLISH.encode("cp1252"), declared="utf-8") == ENGLISH


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"Moths\x00fly", NUL),
        (b"Moths rest. \x00They fly. ", NUL),
        (b"\x00" * 64, NUL),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x04\x00", NUL),
        (b"\xef\xbb\xbfMoths\0", NUL),
        (b"Moths \xff hum.", UNSURE),
        (bytes(range(1, 256)), UNSURE),
        (
            "Moths’ – “reeds” – ‘masts’ – ".encode() + b"\x92",
            "not UTF-8 text: byte 45 is 0x92; save it as UTF-8 first",
        ),
        (
            b"\xef\xbb\xbfMoths \xe9.",
            "not the UTF-8 text that its first bytes say: byte 9 is 0xe9; save it as UTF-8 again",
        ),
        (
            b"\xff\xfe\x00\xd8\x41\x00",
            "not the UTF-16 text that its first bytes say: byte 2 is 0x00; save it as UTF-8 again",
        ),
    ],
)
def test_what_is_no_text_or_in_doubt_is_refused(data: bytes, wanted: str) -> None:
    with pytest.raises(IngestError) as refused:
        decode(data)
    assert str(refused.value) == wanted


@settings(deadline=None)
@given(
    st.binary(max_size=200), st.sampled_from([None, "utf-8", "utf-16", "cp1252", "utf-7", "base64", "idna", "\ud800"])
)
def test_any_bytes_are_read_or_refused(data: bytes, declared: str | None) -> None:
    assert "\0" not in read(data, declared)
