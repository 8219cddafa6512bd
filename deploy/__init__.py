"""How the product is run on a server, and a trial of it on one machine."""
