"""The rules: pure functions of facts. No Flask, no SQL, no clock."""
