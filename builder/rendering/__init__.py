"""Markdown to HTML: lessons, figures, question templates, the theme."""
