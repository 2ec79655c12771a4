r"""How a text of record is laid out: the marks that tell its parts apart.

Paragraphs, headings and tables are separated by a blank line. List items and table rows are lines of their own: an item
opens with `- ` or with its own number (`1. `, `2) `), the cells of a row are separated by ` | `. The first row of a
table is its header. Text is NFC, line ends are `\n`, and no line begins or ends with white space.
"""

import re

__all__ = ["BULLET", "CELL_SEPARATOR", "ITEM_MARK", "PARAGRAPH_BREAK"]

PARAGRAPH_BREAK = "\n\n"
BULLET = "- "
ITEM_MARK = re.compile(r"(?:- |\d{1,3}[.)] )(?=\S)")
CELL_SEPARATOR = " | "
