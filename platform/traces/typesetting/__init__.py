"""The text of a problem, a step or an answer as clean HTML, with its mathematics as MathML.

The text comes from models and from strangers. It is read once for mathematics and code
(`scanning`), its mathematics is set (`mathematics`), the rest is read as Markdown (`markdown`),
and what comes out passes an allow-list (`cleaning`). Nothing in a text may vanish, hide or reorder
the page: what can't be set is shown as it was written.
"""

from traces.typesetting.render import plain, typeset, typeset_inline

__all__ = ["plain", "typeset", "typeset_inline"]
