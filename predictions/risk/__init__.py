"""From 14 inputs to a probability: the model file, its manifest, the predictor."""
