"""Whether the people who are scored still look like those the model learned from."""
