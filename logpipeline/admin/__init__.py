"""The admin's pages of the pipeline. Django imports this package, which registers them."""

from logpipeline.admin import dead_letters, runs_and_losses

__all__ = ["dead_letters", "runs_and_losses"]
