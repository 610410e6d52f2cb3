"""The parts of the system state, each asked by itself."""
