"""What is wrong with a campaign's own figures.toml beyond the types of its keys: name, what to
do."""

from __future__ import annotations

from collections.abc import Iterator

from sources.campaign_checks import Mistake
from sources.campaigns import Campaign
from sources.figure_declarations import FigureDeclaration
from sources.own_files import FIGURES
from warehouse.figures import built_in_figures, figures_of, has_needed


def own_figure_mistakes(campaign: Campaign) -> Iterator[Mistake]:
    """The mistakes of the figures that the campaign adds, but for those of their SQL."""
    for declaration in campaign.own.figures:
        try:
            yield from _mistakes_of_declaration(declaration, campaign)
        except KeyError as error:
            problem = f"each gives no word {error}; write {{{{ code }}}} or {{{{ label }}}}"
            yield Mistake(FIGURES, declaration.name, problem)


def _mistakes_of_declaration(
    declaration: FigureDeclaration, campaign: Campaign
) -> Iterator[Mistake]:
    name = declaration.name
    if name in {built_in.name for built_in in built_in_figures()}:
        yield Mistake(FIGURES, name, "is a figure of the product; give this one another name")
    for need in declaration.needs:
        if not has_needed(need, campaign):
            yield Mistake(
                FIGURES,
                f"{name}.needs",
                f"the campaign has no {need}, so that the figure would never be; correct or delete it",
            )
    if not figures_of(declaration, campaign.form):
        yield Mistake(
            FIGURES, f"{name}.each", "gives no figure with this form; correct or delete it"
        )
