"""One process of the pipeline: assembled from the settings, its row, its log, its console."""
