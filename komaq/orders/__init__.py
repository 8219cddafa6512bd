"""Service requests, orders, segments, tasks, visits and the calendar.

Reports, quotes, parts and money belong to the rooms above; they speak through guards, events and panels.
"""
