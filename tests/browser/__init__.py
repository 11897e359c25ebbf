"""Tests that use the portal in a real browser."""
