"""What must hold: the rules as data, the Great Expectations suites made from them, findings, the
verdict on a file.

In the order of a night: `batches` (facts into one wide table per section), `suites` (each table
validated once), `verdicts` (what is accepted, returned, rejected or a duplicate, and what counts).
`night.run` does all of it. May import `sources`; knows nothing of the warehouse and of flows.
"""
