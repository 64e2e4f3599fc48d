"""Photograph to vector: networks, their weights, preparation, and what runs them."""
