"""Word documents from XML that is written out, for what python-docx can't make."""

import io
import zipfile
from collections.abc import Mapping

__all__ = ["NAMESPACES", "bulleted", "p", "packed", "packed_parts"]

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ROOTS = {
    "styles": "styles",
    "numbering": "numbering",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "header": "hdr",
    "footer": "ftr",
}


def p(text: str, properties: str = "") -> str:
    """A paragraph of one run."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def bulleted(text: str, name: int = 1, level: int = 0) -> str:
    """A paragraph in a list."""
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{name}"/></w:numPr>')


def packed(body: str, **parts: str) -> bytes:
    """A document with this body; `parts` hold what stands in the parts of those names (styles, numbering, header …)."""
    related = "".join(
        f'<Relationship Id="r{number}" Type="{_RELATED}/{name}" Target="{name}.xml"/>'
        for number, name in enumerate(parts)
    )
    written = {
        f"word/{name}.xml": f"<w:{_ROOTS[name]} {NAMESPACES}>{content}</w:{_ROOTS[name]}>"
        for name, content in parts.items()
    }
    return packed_parts(
        {
            "_rels/.rels": f'<Relationships><Relationship Type="{_RELATED}/officeDocument" Target="word/document.xml"/>'
            "</Relationships>",
            "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": f"<Relationships>{related}</Relationships>",
            **written,
        }
    )


def packed_parts(parts: Mapping[str, str | bytes]) -> bytes:
    """An archive of these parts."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()
