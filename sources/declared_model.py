"""The model of everything that a campaign's files declare."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Declared(BaseModel):
    """Base of all that is declared in a campaign's files: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")
