"""Photos drawn by the program: an oil leak, a gauge, a worn track, a machine in front of the hills."""

import io
import random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

SIZE = (960, 720)


def draw(kind: str, dice: random.Random) -> SimpleUploadedFile:
    """A JPEG of one of the kinds in KINDS."""
    image = Image.new("RGB", SIZE, (58, 62, 66))
    KINDS[kind](ImageDraw.Draw(image), dice)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=82)
    return SimpleUploadedFile(f"{kind}.jpg", target.getvalue(), content_type="image/jpeg")


def _site(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    pen.rectangle((0, 0, 960, 420), fill=(168, 186, 204))
    for left in range(-100, 960, 260):
        top = 180 + dice.randrange(120)
        pen.polygon([(left, 460), (left + 190, top), (left + 400, 460)], fill=(150, 134, 112))
    pen.rectangle((0, 430, 960, 720), fill=(184, 165, 134))
    _machine(pen, 300 + dice.randrange(120), 400)


def _machine(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    pen.rounded_rectangle((x, y + 90, x + 260, y + 140), 24, fill=(38, 40, 43))
    pen.rectangle((x + 30, y + 20, x + 220, y + 90), fill=(236, 178, 18))
    pen.rectangle((x + 140, y - 40, x + 210, y + 50), fill=(52, 70, 84))
    pen.line([(x + 210, y + 30), (x + 330, y - 110), (x + 440, y + 10), (x + 420, y + 80)], (236, 178, 18), 24)


def _leak(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    pen.rectangle((0, 0, 960, 720), fill=(196, 148, 40))
    pen.polygon([(80, 210), (760, 420), (736, 500), (60, 290)], fill=(206, 210, 214))
    pen.ellipse((700, 400, 850, 550), fill=(70, 74, 78))
    for _drop in range(26):
        x, y = 560 + dice.randrange(280), 500 + dice.randrange(190)
        pen.ellipse((x, y, x + 30, y + 46), fill=(36, 26, 14))


def _gauge(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    pen.ellipse((230, 110, 730, 610), fill=(24, 27, 30), outline=(150, 156, 160), width=18)
    for tick in range(11):
        pen.arc((270, 150, 690, 570), 150 + tick * 24, 156 + tick * 24, fill=(230, 232, 234), width=26)
    pen.arc((300, 180, 660, 540), 330, 395, fill=(224, 36, 42), width=30)
    pen.line([(480, 360), (610 + dice.randrange(40), 300 + dice.randrange(60))], (247, 191, 10), 12)


def _track(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    pen.rectangle((0, 520, 960, 720), fill=(140, 120, 94))
    for left in range(-20, 960, 118):
        drop = dice.randrange(18)
        pen.rounded_rectangle((left, 400 + drop, left + 104, 500 + drop), 10, fill=(92, 90, 88))
        pen.ellipse((left + 20, 220, left + 96, 296), fill=(110, 108, 104), outline=(60, 60, 60), width=8)


def _paper(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    pen.rectangle((0, 0, 960, 720), fill=(112, 104, 92))
    pen.rectangle((170, 30, 790, 720), fill=(244, 243, 238))
    pen.rectangle((220, 80, 430, 130), fill=(40, 66, 110))
    for top in range(180, 620, 34):
        pen.line([(220, top), (480 + dice.randrange(260), top)], (120, 122, 126), 8)
    pen.ellipse((600, 560, 740, 700), outline=(178, 40, 46), width=10)


def _box(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    pen.rectangle((0, 470, 960, 720), fill=(150, 148, 142))
    pen.polygon([(200, 240), (700, 200), (760, 560), (240, 610)], fill=(186, 142, 92))
    pen.polygon([(520, 400), (690, 360), (740, 540), (560, 580)], fill=(74, 54, 36))
    for _scratch in range(9):
        x, y = 260 + dice.randrange(360), 260 + dice.randrange(260)
        pen.line([(x, y), (x + 70, y + 40)], (120, 86, 52), 6)


KINDS = {"obra": _site, "fuga": _leak, "indicador": _gauge, "rodaje": _track, "papel": _paper, "caja": _box}
