"""Benchmarks: ratios between two things measured side by side, so that they travel between machines."""
