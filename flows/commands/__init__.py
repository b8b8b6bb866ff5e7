"""The commands of `tonghop`, a module per subject; `flows.cli` lists them. `options.py` holds what
they share.

Each command checks its call, does one thing and says in a line what went wrong. Everything heavy is
imported inside the commands, so that `--help` answers at once.
"""
