"""Persons and users, roles, areas and positions, consent and personal data.

Companies and their contacts belong to customers; what a person does belongs to the rooms above.
"""
