"""PDF: the planner deals the lines out over pages, WeasyPrint paints them."""
