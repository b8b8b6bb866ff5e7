"""The second process of a night, which writes documents while the first one goes on."""
