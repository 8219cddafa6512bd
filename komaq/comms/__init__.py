"""Conversations, messages and notices to people, whatever the channel.

It knows no orders: a thread's subject is a generic reference. What is said is decided by the rooms above.
"""
