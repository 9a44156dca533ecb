"""Sample staff with a history, made by the same operations as the pages call, under the one clock."""
