"""The warehouse of a night: its tables, the figures of the report, and the documents made from them.

schema and dictionary declare the tables and their documentation, build and marts/ make them,
publish puts them in place, figures computes the numbers of the consolidated report, why and ask
answer questions; reports/ writes the documents. May import expectations and sources; flows imports
it. Nothing here reads files of units or judges them.
"""
