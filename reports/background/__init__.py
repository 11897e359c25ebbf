"""Exports that run beside the web: asked for on a page, made by the worker, taken when they are ready."""
