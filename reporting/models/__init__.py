"""Frozen committee reports, and the orders to count them."""

from reporting.models.report_run import ReportOrder, ReportRun

__all__ = ["ReportOrder", "ReportRun"]
