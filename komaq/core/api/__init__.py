"""How a program comes in: one gate, doors that say whom they are for, shapes of what goes in and out.

Rooms write their doors in `api.py`; they call the same actions and queries as the pages.
"""
