"""Pages that belong to no room: the landing page, the language, the style guide."""
