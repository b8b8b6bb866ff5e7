"""What goes back to a unit whose file was returned: its own file with the places marked, and a
letter to send with it.

Belongs here: reading the findings, marking a copy, listing what cannot be marked, the letter.
Reads the built warehouse and the landed originals. An original is only opened in a child process,
and nothing in it is ever run.
"""

from warehouse.reports.feedback.file_names import blank_form_name
from warehouse.reports.feedback.folder import feedback_of, write_feedback
from warehouse.reports.feedback.letter import LETTER

__all__ = ["LETTER", "blank_form_name", "feedback_of", "write_feedback"]
