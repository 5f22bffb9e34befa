"""The chapters of a review: each a function from the review to its section."""

from reviewlib.sections.data_quality import data_quality
from reviewlib.sections.delivery import delivery
from reviewlib.sections.durations import durations
from reviewlib.sections.engagement import engagement
from reviewlib.sections.flow import flow
from reviewlib.sections.lessons import lessons
from reviewlib.sections.satisfaction import satisfaction
from reviewlib.sections.service_levels import service_levels
from reviewlib.sections.summary import summary

__all__ = [
    "data_quality",
    "delivery",
    "durations",
    "engagement",
    "flow",
    "lessons",
    "satisfaction",
    "service_levels",
    "summary",
]
