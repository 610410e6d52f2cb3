"""Many rows at once, over HTTP and from a file, beside the usual way to do either."""
