"""Where entries come from: the Redis stream, a site's /logs_api, the dead letters."""
