"""Rules over facts: pure, without Flask, database or clock."""
