from komaq.parts.models.part import Part, PartFit, PartLink
from komaq.parts.models.stock import Holding, Reservation, Stock, StockMove, Warehouse

__all__ = ["Holding", "Part", "PartFit", "PartLink", "Reservation", "Stock", "StockMove", "Warehouse"]
