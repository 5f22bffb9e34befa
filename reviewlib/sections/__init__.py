"""The chapters of a review: each a function from the review to its section."""

from reviewlib.sections.availability import availability
from reviewlib.sections.breaches import breaches
from reviewlib.sections.data_quality import data_quality
from reviewlib.sections.delays import delays
from reviewlib.sections.deliverables import deliverables
from reviewlib.sections.durations import durations
from reviewlib.sections.duties import duties
from reviewlib.sections.engagement import engagement
from reviewlib.sections.escalations import escalations
from reviewlib.sections.flow import flow
from reviewlib.sections.handovers import handovers
from reviewlib.sections.lessons import lessons
from reviewlib.sections.milestones import milestones
from reviewlib.sections.reconciliation import reconciliation
from reviewlib.sections.satisfaction import satisfaction
from reviewlib.sections.sensitivity import sensitivity
from reviewlib.sections.service_levels import service_levels
from reviewlib.sections.signals import signals
from reviewlib.sections.summary import summary
from reviewlib.sections.terms import terms
from reviewlib.sections.volumes import volumes

__all__ = [
    "availability",
    "breaches",
    "data_quality",
    "delays",
    "deliverables",
    "durations",
    "duties",
    "engagement",
    "escalations",
    "flow",
    "handovers",
    "lessons",
    "milestones",
    "reconciliation",
    "satisfaction",
    "sensitivity",
    "service_levels",
    "signals",
    "summary",
    "terms",
    "volumes",
]
