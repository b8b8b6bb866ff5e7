"""Sample inboxes: made-up reports, plausible and consistent, for trying the night and for measuring
it.

Belongs here: names and numbers made from a seed, layouts in which offices write, and the totals
that a night has to find. Imports campaign, form and blank form of `sources`, nothing above it. No
name of a person occurs in any of it.
"""

from sources.samples.expected import ExpectedTotals
from sources.samples.inbox import FolderNotEmpty, write_samples
from sources.samples.layouts import LAYOUTS

__all__ = ["LAYOUTS", "ExpectedTotals", "FolderNotEmpty", "write_samples"]
