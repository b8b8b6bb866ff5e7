"""The rows of a small frame that a check is about, filtered once for all that is asked of them.

Great Expectations filters the frame again for each metric of a check with a row condition, through
pandas' parser of queries: a third of what validating one report cost. For a large frame the time
goes elsewhere, and the filtered copies would be memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.execution_engine.pandas_execution_engine import (
        PandasExecutionEngine,
    )

MAX_ROWS_KEPT = 2_000  # of a frame whose filtered rows are kept


def filter_rows_once(engine: PandasExecutionEngine) -> None:
    """Has this engine keep what it filters of its one frame, for as long as it lives: nobody changes
    a frame that is being validated, nor the rows that the engine gives."""
    filtered = engine._apply_row_condition_filter  # the pinned library has no other door to it
    kept: dict[str, pd.DataFrame] = {}

    def kept_rows(data: pd.DataFrame, row_condition: Any, domain: dict[str, Any]) -> pd.DataFrame:
        condition = str(row_condition)
        if condition not in kept:
            kept[condition] = filtered(data, row_condition, domain)
        return kept[condition]

    engine._apply_row_condition_filter = kept_rows  # type: ignore[assignment, method-assign]
