"""The catalogue of spare parts, warehouses, moves of stock, reservations and what parts cost.

Who needs a part belongs to orders; whom it is bought from belongs to supply.
"""
