"""Delivery: milestones, deliverables, delays, duties, work orders."""
