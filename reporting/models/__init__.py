"""Frozen committee reports, the orders to count them, and what reviewers found out about looks."""

from reporting.models.home_address import HomeAddress
from reporting.models.look_review import LookReview
from reporting.models.report_run import ReportOrder, ReportRun

__all__ = ["HomeAddress", "LookReview", "ReportOrder", "ReportRun"]
