"""What customers do with the results: events, and what they tell."""
