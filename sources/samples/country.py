"""A made-up campaign of as many communes as asked for, for measuring beyond the registry."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from random import Random

from sources.campaigns import Campaign, load_campaign
from sources.samples.names import place_names

_FIRST_CODE = 10_001
_COLUMNS = ("code", "name", "type", "kind", "aliases", "email", "tile_row", "tile_column")


def made_up_campaign(like: Path, folder: Path, communes: int, seed: int) -> Campaign:
    """Writes a campaign folder of that many communes and the district organisations of `like`, and
    loads it.

    campaign.toml and form.toml are those of the campaign folder `like`; only units.csv is made up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("campaign.toml", "form.toml"):
        shutil.copyfile(like / name, folder / name)
    with (like / "units.csv").open(encoding="utf-8-sig", newline="") as file:
        organisations = [row for row in csv.DictReader(file) if row["type"] == "district_org"]
    names = place_names(communes, Random(f"{seed}/communes"))
    with (folder / "units.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        for number, name in enumerate(names):
            aliases = f"Đảng ủy xã {name}|Đảng bộ xã {name}|xã {name}|{name}"
            writer.writerow(
                {
                    "code": f"{_FIRST_CODE + number:05d}",
                    "name": f"Xã {name}",
                    "type": "xa",
                    "aliases": aliases,
                }
            )
        writer.writerows(organisations)
    return load_campaign(folder)
