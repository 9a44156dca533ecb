"""What every page shares: layout, access, sessions, language, headers, errors, the clock."""
