"""Widgets on the course's subject: the comparison of BPO with KPO, and the growth of the market."""
from outsourcing.widgets.comparison import Comparison
from outsourcing.widgets.growth import MarketGrowth

__all__ = ["Comparison", "MarketGrowth"]
