"""Companies and persons that receive service, their contacts, sites and service agreements.

Their machines belong to fleet; who may sign in belongs to accounts.
"""
