"""A figure of the book as it stands in the page: drawn when the book is built, in SVG, with no script and no browser.

`as_html` takes what `Figure.of` keeps of a plotly figure (plain data) and gives the whole figure: title, legend, picture, source, table.
It draws bars and scatters, as the book uses them, and refuses by name what it does not know, so that nothing is lost unseen.
All widths are per cent and all text is text, so one drawing fits a desk and a phone; all colours are custom properties of the page
(courseware/widgets/widgets.css), so it also fits light, dark and paper.
"""

from .frame import as_html
from .known import CannotDraw

__all__ = ["CannotDraw", "as_html"]
