"""Komaq Service: from a client's request for service to the closed order."""
