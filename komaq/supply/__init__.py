"""Suppliers, what is missing, requests for quotation, purchase orders and receipts.

What lies on the shelf belongs to parts; what an order needs belongs to orders.
"""
