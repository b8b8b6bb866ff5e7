"""Great Expectations' own expectations, each of which makes its configuration once.

The library makes an expectation's configuration of the whole model again whenever it looks up one
argument: forty times a check, a third of all that validation cost. Nobody changes an expectation
once it is in a suite.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic.v1 import PrivateAttr

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration


@cache
def cached_expectation(name: str) -> type[Expectation]:
    """The expectation class of that name, under which the library knows it from now on as well."""
    from great_expectations import expectations as gxe

    known: Any = getattr(gxe, name)

    def configuration(self: Any) -> ExpectationConfiguration:
        made: ExpectationConfiguration | None = self._made
        if made is None:
            made = self._made = known.configuration.fget(self)
        return made

    remembering_class: type[Expectation] = type(known)(
        name,
        (known,),
        {
            "__module__": __name__,
            "__doc__": known.__doc__,
            "_made": PrivateAttr(None),
            "configuration": property(configuration),
        },
    )
    return remembering_class
