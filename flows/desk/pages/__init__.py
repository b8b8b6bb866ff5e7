"""The pages of the desk, one module each: `ROUTES` lists what it answers."""
