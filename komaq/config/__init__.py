"""Settings, addresses, menu, commands and the demo: knows every room, is known by none."""
