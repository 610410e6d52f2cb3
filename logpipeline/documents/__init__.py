"""What Elasticsearch holds: documents, their mappings, and the indices they are in."""
