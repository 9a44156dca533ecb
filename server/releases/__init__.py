"""Publish course packages, and hand out their lessons and questions."""
