"""The course on this machine, while it is being written: read again, shown again whenever a file is saved."""
