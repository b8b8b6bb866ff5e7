"""What runs, in which order, and when: the Prefect flows, how a run meets the engine, and the `tonghop` command.

`nightly.py` is the table of contents of a night and `stages.py` what each of its lines does, without Prefect.
`engine.py` starts the engine that a night brings along, `lock.py` keeps two nights off one home, `cli.py` is the
command and `commands/` what each of its words does. May import every other room; no other room may import this one.
"""
