"""Where the parts of the product's two drawings stand: the strip of clocks and the bar chart.

Pure geometry in the units of each drawing's viewBox; the templates `components/clock_strip.html` and
`components/bar_chart.html` only place what is worked out here. Every drawing comes in two shapes, one for a wide
screen or paper and one for a phone, and has a table that says the same in words.
"""

from base64 import b64encode

from cseccase.pictures.bars import SHARE_TICKS, Bar, BarChart, bar_chart, count_ticks
from cseccase.pictures.strips import STATES, ClockStrip, Step, clock_strip, place_of_now
from cseccase.pictures.tables import Cell, Table, TableRow

__all__ = [
    "SHARE_TICKS",
    "STATES",
    "Bar",
    "BarChart",
    "Cell",
    "ClockStrip",
    "Step",
    "Table",
    "TableRow",
    "bar_chart",
    "clock_strip",
    "count_ticks",
    "place_of_now",
    "svg_data_uri",
]


def svg_data_uri(svg: str) -> str:
    """A drawing as the address of a picture, for the printer, which opens no file and no connection."""
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode("ascii")
