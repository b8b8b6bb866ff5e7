"""Pages of a report drawn with their truth, and the same pages as a scanner or a camera would show
them; all by seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

BASE_DPI = 300
A4 = (2480, 3508)
FONTS = "/usr/share/fonts/truetype/"
FACES = {
    "serif": ("liberation2/LiberationSerif-Regular.ttf", "liberation2/LiberationSerif-Bold.ttf"),
    "sans": ("liberation2/LiberationSans-Regular.ttf", "liberation2/LiberationSans-Bold.ttf"),
    "dejavu": ("dejavu/DejaVuSerifCondensed.ttf", "dejavu/DejaVuSerifCondensed-Bold.ttf"),
}
HEADER = (
    "TT",
    "Tên chi bộ",
    "Ngày sinh hoạt",
    "Hình thức",
    "Tổng số đảng viên",
    "Số đảng viên dự",
    "Cấp ủy viên dự",
    "Nội dung 2.1",
    "Nội dung 2.2",
    "Số được phân công",
    "Phòng dịch",
)
_WIDTHS = (0.05, 0.21, 0.12, 0.10, 0.08, 0.08, 0.07, 0.07, 0.07, 0.08, 0.07)
_PLACES = (
    *("Hợp Nhất", "Thượng Phương", "Lai Cách", "Cầu Sắt", "Đồng Rãng", "Thác Lười", "Họ", "Bờ Mạ"),
    *("Hả", "Cống", "Áp", "Chay", "Ao Keo", "Tư Một", "Khuôn Tỏ"),
)


@dataclass
class MadePage:
    """A page drawn at 300 dpi, the rows of its table, and its paragraphs."""

    picture: Image.Image
    rows: list[list[str]]
    paragraphs: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Kind:
    """How a page is scanned."""

    name: str
    dpi: int
    noise: float = 2.0
    blur: float = 0.4
    skew: float = 0.0
    quality: int = 90
    stamp: bool = False
    bilevel: bool = False
    photo: bool = False
    faint: int = 0  # the level of ink: 0 black


KINDS = (
    Kind("clean", 300),
    Kind("clean", 200),
    Kind("clean", 150),
    Kind("poor", 300, noise=10, blur=1.2, skew=1.5, quality=35),
    Kind("poor", 200, noise=10, blur=0.9, skew=1.5, quality=35),
    Kind("poor", 150, noise=9, blur=0.7, skew=1.5, quality=35),
    Kind("faint", 200, noise=5, blur=0.8, skew=0.5, quality=60, faint=120),
    Kind("stamp", 300, noise=4, skew=0.8, quality=75, stamp=True),
    Kind("stamp", 150, noise=4, skew=0.8, quality=70, stamp=True),
    Kind("bilevel", 300, noise=6, skew=0.7, bilevel=True),
    Kind("bilevel", 200, noise=6, skew=0.7, bilevel=True),
    Kind("photo", 230, noise=4, blur=0.7, quality=80, photo=True),
    Kind("photo", 170, noise=5, blur=0.8, quality=70, photo=True),
)


def made_rows(rng: random.Random, count: int) -> list[list[str]]:
    """A header, `count` rows of a commune's party cells, and a row of totals."""
    mark = rng.choice(["x", "x", "X", "có", "✓"])
    rows = [list(HEADER)]
    unit = rng.choice(["", "", " đ/c"])
    top = rng.choice([12, 60, 60, 400, 2500])
    sums = [0, 0, 0]
    for n in range(1, count + 1):
        total = rng.randint(3, top)
        came = rng.randint(0, total)
        given = rng.choice([0, 1, rng.randint(0, came)])
        sums = [a + b for a, b in zip(sums, (total, came, given), strict=True)]
        day = f"{rng.randint(1, 30):02}/{rng.choice(['4', '04', '3', '10'])}/2022"

        def maybe() -> str:
            return mark if rng.random() < 0.7 else ""

        rows.append(
            [
                str(n),
                f"Chi bộ thôn {rng.choice(_PLACES)}",
                day if rng.random() < 0.92 else "",
                rng.choice(["Riêng", "Lồng ghép"]),
                f"{total}{unit}" if rng.random() < 0.3 else str(total),
                str(came),
                maybe(),
                maybe(),
                maybe(),
                str(given) if rng.random() < 0.93 else rng.choice(["", "-"]),
                maybe(),
            ]
        )
    rows.append(["", "Tổng cộng", "", "", str(sums[0]), str(sums[1]), "", "", "", str(sums[2]), ""])
    return rows


def made_page(seed: int, face: str = "serif", points: int = 12, rows: int = 12) -> MadePage:
    """A page with a title and a table, landscape or portrait by seed."""
    rng = random.Random(seed)
    size = A4 if rng.random() < 0.4 else A4[::-1]
    page = Image.new("L", size, 255)
    pen = ImageDraw.Draw(page)
    plain, bold = (
        ImageFont.truetype(FONTS + name, round(points * BASE_DPI / 72)) for name in FACES[face]
    )
    titles = ["PHỤ LỤC 1", "I. KẾT QUẢ SINH HOẠT CỦA CÁC CHI BỘ"]
    top = 200
    for title in titles:
        pen.text((size[0] / 2, top), title, font=bold, fill=0, anchor="ma")
        top += round(1.4 * bold.size)
    values = made_rows(rng, rows)
    _draw_table(pen, values, top + 20, size, plain, bold)
    return MadePage(page, values, titles)


def _draw_table(pen, values, top, size, plain, bold) -> None:
    left, width = 180, size[0] - 330
    xs = [left]
    for share in _WIDTHS:
        xs.append(xs[-1] + round(share * width))
    marks = ImageFont.truetype(FONTS + "dejavu/DejaVuSans.ttf", plain.size)
    ys = [top]
    for r, row in enumerate(values):
        font = bold if r == 0 else plain
        pitch = round(1.16 * font.size)
        lines = [_wrapped(text, font, xs[c + 1] - xs[c] - 48) for c, text in enumerate(row)]
        for c, texts in enumerate(lines):
            for n, text in enumerate(texts):
                used = marks if text == "✓" else font
                y = ys[-1] + 6 + n * pitch
                if c == 1 and r:
                    pen.text((xs[c] + 24, y), text, font=used, fill=0)
                else:
                    pen.text(((xs[c] + xs[c + 1]) / 2, y), text, font=used, fill=0, anchor="ma")
        ys.append(ys[-1] + max(map(len, lines)) * pitch + 16)
    for x in xs:
        pen.line([(x, ys[0]), (x, ys[-1])], fill=0, width=3)
    for y in ys:
        pen.line([(xs[0], y), (xs[-1], y)], fill=0, width=3)


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """As Word breaks: at spaces, and within a word that has no room on a line of its own."""
    lines = [""]
    for word in text.split():
        if font.getlength((lines[-1] + " " + word).strip()) <= width:
            lines[-1] = (lines[-1] + " " + word).strip()
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and font.getlength(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return lines


def scanned(page: MadePage, kind: Kind, seed: int) -> np.ndarray:
    """The page as this kind of scan shows it, in RGB."""
    rng = np.random.default_rng(seed)
    grey = np.asarray(page.picture)
    if kind.faint:
        grey = np.maximum(grey, kind.faint)
    rgb = np.repeat(grey[..., None], 3, axis=2)
    if kind.stamp:
        rgb = _stamped(rgb, rng)
    rgb = _photographed(rgb, kind, rng) if kind.photo else _on_glass(rgb, kind, rng)
    if kind.blur:
        rgb = cv2.GaussianBlur(rgb, (0, 0), kind.blur)
    grain = rng.normal(0, kind.noise, rgb.shape[:2]).astype(np.float32)[..., None]
    rgb = np.clip(rgb.astype(np.float32) * 0.96 + grain, 0, 255).astype(np.uint8)
    if kind.bilevel:
        return np.repeat(np.uint8(255) * (rgb[..., :1] > 150), 3, axis=2)
    coded = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, kind.quality])[1]
    return cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1].copy()


def _on_glass(rgb, kind: Kind, rng) -> np.ndarray:
    height, width = rgb.shape[:2]
    turn = kind.skew * rng.uniform(-1, 1)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn, 1.0)
    if kind.skew:
        rgb = cv2.warpAffine(rgb, matrix, (width, height), borderValue=(255, 255, 255))
    scale = kind.dpi / BASE_DPI
    return cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _photographed(rgb, kind: Kind, rng) -> np.ndarray:
    height, width = rgb.shape[:2]
    scale = kind.dpi / BASE_DPI
    size = (round(width * scale * 1.2), round(height * scale * 1.2))
    pull = 0.035 * rng.uniform(-1, 1, (4, 2)) * np.array([width, height]) * scale
    edge = np.array([0.1 * size[0], 0.1 * size[1]])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    target = (corners * scale * 0.98 + edge + pull).astype(np.float32)
    table = np.full((size[1], size[0], 3), (60, 70, 85), np.uint8)
    cv2.warpPerspective(
        rgb,
        cv2.getPerspectiveTransform(corners, target),
        size,
        dst=table,
        flags=cv2.INTER_AREA,
        borderMode=cv2.BORDER_TRANSPARENT,
    )
    across = np.linspace(*rng.uniform(0.6, 1.0, 2), size[0])[None, :]
    down = np.linspace(*rng.uniform(0.75, 1.0, 2), size[1])[:, None]
    shade = np.ones((size[1], size[0]), np.float32)
    edge_of_shadow = int(size[0] * rng.uniform(0.3, 0.9))
    shade[:, edge_of_shadow:] = rng.uniform(0.6, 0.8)
    shade = cv2.GaussianBlur(shade, (0, 0), 25) * across * down
    tint = np.array([1.0, 0.97, 0.9])
    return np.clip(table * shade[..., None] * tint, 0, 255).astype(np.uint8)


def _stamped(rgb, rng) -> np.ndarray:
    """A red seal and a blue signature anywhere on the page, over what stands there."""
    height, width = rgb.shape[:2]
    seal = np.full_like(rgb, 255)
    middle = (int(width * rng.uniform(0.3, 0.85)), int(height * rng.uniform(0.35, 0.8)))
    red = (205, int(rng.integers(30, 70)), int(rng.integers(40, 80)))
    for radius, thick in ((215, 9), (200, 4), (120, 4)):
        cv2.circle(seal, middle, radius, red, thick, cv2.LINE_AA)
    star = [
        (
            middle[0] + radius * np.sin(n * np.pi / 5),
            middle[1] - radius * np.cos(n * np.pi / 5),
        )
        for n, radius in enumerate([70, 28] * 5)
    ]
    cv2.fillPoly(seal, [np.array(star, np.int32)], red, cv2.LINE_AA)
    for n in range(24):
        angle = n * np.pi / 12
        at = (int(middle[0] + 160 * np.cos(angle)) - 18, int(middle[1] + 160 * np.sin(angle)) + 18)
        cv2.putText(seal, "DANGUYXA"[n % 8], at, cv2.FONT_HERSHEY_SIMPLEX, 1.3, red, 4, cv2.LINE_AA)
    return (rgb.astype(np.uint16) * seal // 255).astype(np.uint8)
