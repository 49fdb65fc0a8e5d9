"""Widgets on the course's subject: BPO beside KPO, markets and their forecasts, places, people and costs."""

from outsourcing.widgets.comparison import Comparison
from outsourcing.widgets.cost import Cost
from outsourcing.widgets.growth import MarketGrowth
from outsourcing.widgets.matrix import LocationMatrix
from outsourcing.widgets.sorter import TaskSorter
from outsourcing.widgets.staffing import Staffing
from outsourcing.widgets.vintages import Vintages

__all__ = ["Comparison", "Cost", "LocationMatrix", "MarketGrowth", "Staffing", "TaskSorter", "Vintages"]
