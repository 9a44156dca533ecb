"""The types of a course, a quiz, a course package and a problem. No I/O here."""
