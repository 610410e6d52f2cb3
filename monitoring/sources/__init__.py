"""Where the numbers come from: Redis, Elasticsearch, and the state of both."""
