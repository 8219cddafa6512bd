"""Machine models, machines and their meters.

The work done on a machine belongs to orders.
"""
