"""`tonghop form` and `tonghop sample`: the blank form of each unit, and made-up reports for
trying."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import CampaignOption, load_campaign_of, open_home, wrong_call

if TYPE_CHECKING:
    from sources.campaigns import Campaign


def form(
    unit: Annotated[
        list[str] | None, typer.Option(help="Code of the unit; every unit when left out.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder to write the workbooks to.")] = Path("bieu-mau"),
    home: Annotated[
        Path | None,
        typer.Option(
            help="Home of the desk: each form bears its unit's own link (unit_links of campaign.toml)."
        ),
    ] = None,
    campaign: CampaignOption = None,
) -> None:
    """Write the blank report form, the unit filled in (biểu mẫu báo cáo)."""
    from sources.blank_form import form_name, write_form
    from sources.unit_links import printed_link

    loaded = load_campaign_of(campaign)
    codes = unit or list(loaded.registry.by_code)
    if unknown := [code for code in codes if code not in loaded.registry.by_code]:
        known = ", ".join(f"{u.code} ({u.name})" for u in loaded.registry.units[:5])
        wrong_call(
            f"--unit {', '.join(unknown)}: không có đơn vị mã này (no such unit); các mã ghi trong units.csv: "
            f"{known}, …"
        )
    desk = _desk_of(home, loaded)
    out.mkdir(parents=True, exist_ok=True)
    for code in codes:
        named = loaded.registry.by_code[code]
        target = out / form_name(named)
        link = printed_link(desk, loaded, code) if desk else None
        write_form(named, loaded, target, link)
        print(target)


def _desk_of(home: Path | None, campaign: Campaign) -> Path | None:
    """The folder of the desk whose links are printed; None where none are asked for."""
    if home is None:
        return None
    if not (campaign.unit_links.enabled and campaign.unit_links.address):
        wrong_call(
            "--home: đợt này chưa mở đường dẫn riêng cho đơn vị (the campaign has no unit links); ghi enabled và "
            "address ở [unit_links] trong campaign.toml, hoặc bỏ --home"
        )
    return open_home(home).desk


def sample(
    folder: Annotated[Path, typer.Argument(help="Folder to fill with reports (thư mục mẫu).")],
    units: Annotated[
        int | None, typer.Option(min=1, help="How many units; those of the campaign if left out.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed, other numbers.")] = 1,
    layout: Annotated[
        str | None, typer.Option(help="One layout for all files; each in turn if left out.")
    ] = None,
    campaign: CampaignOption = None,
) -> None:
    """Make an inbox of filled reports with its expected totals, for trying (dữ liệu thử)."""
    from sources.campaigns import DEFAULT_CAMPAIGN
    from sources.samples import LAYOUTS, FolderNotEmpty, write_samples

    if layout is not None and layout not in LAYOUTS:
        wrong_call(f"--layout {layout}: there is no such layout; there are {', '.join(LAYOUTS)}")
    try:
        write_samples(
            folder, load_campaign_of(campaign), units, seed, layout, campaign or DEFAULT_CAMPAIGN
        )
    except FolderNotEmpty as error:
        wrong_call(str(error))
    made_up = folder / ".campaign"
    with_campaign = f" --campaign {made_up}" if made_up.is_dir() else ""
    print(f"{folder}\ntonghop nightly --inbox {folder}{with_campaign}")
