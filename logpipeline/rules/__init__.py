"""What happens to each entry on its way to Elasticsearch: rules, declared in the settings."""
