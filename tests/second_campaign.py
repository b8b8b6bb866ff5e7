"""Another campaign as a folder of three files: other units, dates, topic and fields, without
code."""

import re
from pathlib import Path

from sources.campaigns import DEFAULT_CAMPAIGN, Campaign, load_campaign

TOPIC = "Xây dựng chi bộ bốn tốt"
DAYS = {  # the first campaign's moments, and the second's
    "2022-04-18T00:00:00+07:00": "2025-09-11T00:00:00+07:00",
    "2022-04-03": "2025-08-20",
    "2022-04-05": "2025-08-25",
    "2022-04-15": "2025-09-05",
    "2022-04-13": "2025-09-04",
    "2022-04-16": "2025-09-08",
    "2022-04-17": "2025-09-10",
    "2022-04-18": "2025-09-11",
    "2022-04-19": "2025-09-12",
}
UNITS = """code,name,type,kind,aliases,email
00101,Phường Bắc Sơn,phuong,,Đảng ủy phường Bắc Sơn|Bắc Sơn,
00102,Xã Nam Hải,xa,,Đảng ủy xã Nam Hải|Nam Hải,
00103,Xã Đông Phú,xa,,Đảng ủy xã Đông Phú|Đông Phú,
00104,Xã Tây Lộc,xa,,Đảng ủy xã Tây Lộc|Tây Lộc,
1-HND,Hội Nông dân thành phố,district_org,farmers_union,HND thành phố,
1-HLHPN,Hội LHPN thành phố,district_org,womens_union,Hội Liên hiệp Phụ nữ thành phố,
"""
BANNERS = """
  [[section.field]]
  key = "banners"
  label = "Số băng rôn, khẩu hiệu đã treo"
  type = "count"
  unit_word = "băng rôn"
  clause = "II.6"
  summed = true
  description = "Banners put up"
"""
FIELD = "  [[section.field]]\n"


def write_second_campaign(folder: Path) -> Campaign:
    """Writes the three files into `folder` and loads them.

    Against the campaign of the product: `info.banners` more, `info.news_items` and
    `villages.deputy_is_party` fewer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    about = (DEFAULT_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8")
    for first, second in DAYS.items():
        about = about.replace(first, second)
    about = _replaced(about, r"^topic = .*$", f'topic = "{TOPIC}"')
    about = _replaced(about, r"^key = .*$", 'key = "second-2025"')
    about = _replaced(about, r"^year = .*$", "year = 2025")
    about = _replaced(about, r"^area = .*$", 'area = "thành phố Hải Sơn"')
    form = (DEFAULT_CAMPAIGN / "form.toml").read_text(encoding="utf-8")
    form = _without(_without(form, "info", "news_items", BANNERS), "villages", "deputy_is_party")
    (folder / "campaign.toml").write_text(about, encoding="utf-8")
    (folder / "form.toml").write_text(form, encoding="utf-8")
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    return load_campaign(folder)


def _replaced(text: str, pattern: str, by: str) -> str:
    changed, times = re.subn(pattern, by, text, count=1, flags=re.MULTILINE)
    assert times == 1, f"campaign.toml has no line {pattern}"
    return changed


def _without(form: str, section: str, key: str, instead: str = "") -> str:
    """The form without that field, with another in its place where one is given."""
    parts = re.split(r"(?m)^(?=\[\[section\]\])", form)
    at = next(n for n, part in enumerate(parts) if f'key = "{section}"' in part.split(FIELD)[0])
    head, *fields = parts[at].split(FIELD)
    kept = [f for f in fields if not f.startswith(f'  key = "{key}"')]
    assert len(kept) == len(fields) - 1, f"form.toml has no field {section}.{key}"
    parts[at] = FIELD.join([head, *kept]).rstrip("\n") + f"\n{instead}\n"
    return "".join(parts)
