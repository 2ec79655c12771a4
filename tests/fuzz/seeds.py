"""Good files of every format to begin from."""

import gzip
import json
from collections.abc import Callable, Mapping
from importlib import import_module

from tests.made.docx import made_docx
from tests.made.docx_parts import bulleted, p, packed
from tests.made.markdown import made_markdown
from tests.made.plain import made_plain
from tests.made.text import Story, story

__all__ = ["SEEDS"]

_RICH = (
    '<w:p><w:bookmarkStart w:id="1" w:name="a"/><w:ins><w:r><w:t>in</w:t></w:r></w:ins>'
    "<w:del><w:r><w:delText>out</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t></w:r>"
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r>'
    '<w:fldChar w:fldCharType="end"/></w:r>'
    '<w:r><w:br w:type="page"/><w:lastRenderedPageBreak/><w:t> rest</w:t><w:tab/>'
    '<w:sym w:font="Symbol" w:char="F0B3"/><w:noBreakHyphen/><w:footnoteReference w:id="1"/></w:r><w:r>'
    "<mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
    "<mc:Fallback/></mc:AlternateContent></w:r></w:p>"
    '<w:sdt><w:sdtContent><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p/></w:tc><w:tc>'
    "<w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:sdtContent></w:sdt>"
    "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
    '<w:p><w:pPr><w:rPr><w:del/></w:rPr><w:sectPr><w:pgNumType w:start="3" w:fmt="lowerRoman"/></w:sectPr></w:pPr>'
    "</w:p>"
)
_NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1.%2)"/>'
    '</w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="5"/>'
    "</w:lvlOverride></w:num>"
)
_STYLES = (
    '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/><w:basedOn w:val="H"/><w:pPr><w:outlineLvl '
    'w:val="0"/></w:pPr></w:style>'
)
_MARKDOWN = (
    b"---\ntitle: Moths\nreviewed: 2026-01-01\n---\n# A *b* {#c}\n\n- a\n\n  b\n  1. c\n     > d\n\n<a id='x'></a>y "
    b'`z` [l](u "t") ![i](j)\n\n| a | b |\n|---|:-:|\n| 1 | 2 '
    b"|\n\n```\ncode\n```\n\n<div>x</div>\n\n&amp; \\* <br> ***\n"
)
_TEXT = "Title\n=====\n\n\ufeff- a\n\u2022 b\f c\n1) d | e\nf | g\n\nÀ la\u2028fin\u2029\x85x\u00ad\u200b\n".encode()


def _docx() -> list[bytes]:
    note = '<w:footnote w:id="1"><w:p><w:r><w:t>Note.</w:t></w:r></w:p></w:footnote>'
    rich = packed(
        p("Moths", '<w:pStyle w:val="H"/>') + _RICH + bulleted("a") + bulleted("b", 1, 1),
        numbering=_NUMBERING,
        styles=_STYLES,
        footnotes=note,
        header=p("Top"),
    )
    return [rich, made_docx(_told(1), sentences_a_page=2, has_bookmarks=True).data]


def _jsonl() -> list[bytes]:
    records = [{"id": str(n), "title": _told(n).title, "text": " ".join(_told(n).words), "url": "u"} for n in range(3)]
    data = "\n".join(json.dumps(record) for record in records).encode()
    return [data, gzip.compress(data), b'{"_id": 1, "text": "moths", "reviewed": "2026-01-01"}\n']


def _made(name: str, function: str) -> list[bytes]:
    """Files of a format, from the module that makes them."""
    make: Callable[[Story], bytes] = getattr(import_module(f"tests.made.{name}"), function)
    return [make(_told(1)), make(_told(2))]


def _told(seed: int) -> Story:
    return story(seed, chapters=1, paragraphs=1)


SEEDS: Mapping[str, Callable[[], list[bytes]]] = {
    "docx": _docx,
    "epub": lambda: _made("epub", "make_epub"),
    "html": lambda: _made("html", "make_html"),
    "jsonl": _jsonl,
    "md": lambda: [_MARKDOWN, made_markdown(_told(1), has_front_matter=True)[0]],
    "pdf": lambda: _made("pdf", "make_pdf"),
    "txt": lambda: [_TEXT, made_plain(_told(1), sentences_a_page=2)[0], "Мотыльки отдыхают.".encode("koi8-r")],
}
"""Small good files by the name of their format."""
