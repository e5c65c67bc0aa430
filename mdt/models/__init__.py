"""Team meetings and what follows from them."""

from mdt.models.meeting import Meeting, Seat
from mdt.models.minutes import ActionItem, AgendaItem, Decision, SafetyPlan

__all__ = ["ActionItem", "AgendaItem", "Decision", "Meeting", "SafetyPlan", "Seat"]
