"""Frozen committee reports, the orders to count them, and what reviewers found out about looks."""

from reporting.models.look_review import LookReview
from reporting.models.report_run import ReportOrder, ReportRun

__all__ = ["LookReview", "ReportOrder", "ReportRun"]
