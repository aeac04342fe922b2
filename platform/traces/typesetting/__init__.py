"""The text of a problem, a step or an answer as clean HTML, with its mathematics as MathML.

The text is not trusted: models and strangers write it. It is scanned once for mathematics and code
(`scanner`), its mathematics is typeset (`mathematics`), the rest is read as Markdown (`markdown`),
and the result passes an allow-list (`html_cleaner`). No part of a text may vanish, hide or reorder
the page: anything that can't be typeset is shown as written.
"""

from traces.typesetting.render import plain, typeset, typeset_inline

__all__ = ["plain", "typeset", "typeset_inline"]
