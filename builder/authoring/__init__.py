"""What makes writing easier: files to begin with, JSON Schemas for editors, what is still to be written."""
