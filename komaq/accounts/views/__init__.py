"""Doors of this room: the administration's, one's own, the texts of the law, and the sign-in library's."""
