"""HTML in, PDF out. Knows no course and no person: whoever has a page to print may use it."""
