"""What is known and what is told: the tables of a night, the figures of the report, the answer to
"why this number".

schema and dictionary declare the tables and their documentation, build and marts/ make them,
publish puts them in place, figures computes the numbers of the consolidated report, why and ask
answer questions; reports/ tells them to people. May import expectations and sources; flows imports
it. Nothing here reads files of units or judges them.
"""
