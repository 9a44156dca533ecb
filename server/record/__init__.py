"""The learning record: its only writer, and its only reader."""
