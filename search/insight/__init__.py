"""The catalogue seen through its own vectors: price gaps, duplicates, health, map, suggestions."""
