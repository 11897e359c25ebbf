"""Tests of starting, supervising, backing up and restoring."""
