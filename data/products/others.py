"""Things that are no beauty product, or accessories near to one: what the tagger must call "other"."""

from __future__ import annotations

from collections.abc import Callable

from data.draw import Draw
from data.holding import held
from data.material import prop
from data.mesh import box
from data.product import Part, Product, View, moved, placed
from data.products import (
    benchware,
    careware,
    food,
    gadgets,
    household,
    nailware,
    pictures,
    sheets,
    shopfront,
    toys,
    wear,
)
from data.products.lashes import lashes
from data.products.paints import Parts

THINGS: dict[str, Callable[[Draw], Parts]] = {
    "false eyelashes": lashes, "stamping plate": nailware.stamping_plate, "nail stickers": nailware.stencils,
    "derma pen": careware.derma_pen, "derma roller": careware.derma_roller, "light mask": careware.light_mask,
    "syringe": careware.syringe, "ampoules": careware.ampoules, "carton": careware.gift_carton,
    "pump bottle": careware.pump_bottle, "toothpaste": careware.toothpaste, "deodorant": careware.deodorant,
    "soap": careware.soap, "cuticle oil": nailware.cuticle_oil, "cotton": careware.cotton, "hair dryer": careware.dryer,
    "straightener": careware.straightener, "razor": careware.razor, "nail lamp": nailware.nail_lamp,
    "press-on nails": nailware.false_nails, "candle": household.candle,
    "mug": household.mug, "bowl": household.bowl, "plate": household.dish, "book": household.book,
    "potted plant": household.plant, "flowers": household.flowers, "lamp": household.lamp, "keys": household.keys,
    "clock": household.clock, "pens": household.pens, "cloth": household.draped, "cardboard box": household.shoe_box,
    "chair": household.chair, "sofa": household.sofa, "table": household.table, "hand tool": household.hand_tool,
    "cutlery": household.cutlery, "pot": household.pot_and_pan, "pillow": household.pillow,
    "picture frame": household.picture_frame,
    "bottle of drink": food.drink, "can": food.can, "fruit": food.fruit, "banana": food.banana,
    "vegetable": food.vegetable, "bread": food.bread, "cake": food.cake, "ice cream": food.ice_cream,
    "burger": food.burger, "pizza": food.pizza, "eggs": food.eggs, "wine": food.wine, "glass of drink": food.tumbler,
    "sweets": food.sweets,
    "phone": gadgets.phone, "tablet": gadgets.tablet, "laptop": gadgets.laptop, "monitor": gadgets.monitor,
    "keyboard": gadgets.keyboard, "mouse": gadgets.mouse, "camera": gadgets.camera, "headphones": gadgets.headphones,
    "speaker": gadgets.speaker, "watch": gadgets.watch, "game controller": gadgets.controller, "bulb": gadgets.bulb,
    "glasses": wear.glasses, "jewellery": wear.jewellery, "necklace": wear.necklace, "shoe": wear.shoe, "bag": wear.bag,
    "hat": wear.hat, "clothes": wear.folded_clothes, "umbrella": wear.umbrella,
    "ball": toys.balls, "toy blocks": toys.blocks, "abstract shapes": toys.pile, "toy car": toys.toy_car,
    "teddy": toys.teddy, "animal": toys.animal, "dumb-bell": toys.dumbbell, "racket": toys.racket,
    "guitar": toys.guitar, "cards": toys.dice_and_cards, "bicycle": toys.bicycle,
    "banner": pictures.banner, "colour block": pictures.colour_block, "pattern": pictures.pattern,
    "landscape": pictures.landscape, "gift card": pictures.gift_card, "page": sheets.page, "icons": sheets.icons,
    "laboratory glass": benchware.laboratory_glass, "vial box": benchware.vial_box,
    "shop header": shopfront.header, "room": shopfront.room, "stamp sheet": shopfront.stamps,
    "headset": shopfront.headset, "massager": shopfront.massager,
    "device row": benchware.device_row, "cup": benchware.cup, "held cup": benchware.held_thing,
}  # fmt: skip
# What shops sell beside make-up is met most often; the rest weighs 1.
WEIGHTS = {
    "false eyelashes": 12.0, "stamping plate": 5.0, "nail stickers": 1.5, "derma pen": 2.5, "derma roller": 1.5,
    "light mask": 2.5, "syringe": 1.5, "ampoules": 2.5, "carton": 3.0, "pump bottle": 3.0, "cuticle oil": 1.5,
    "cotton": 1.5, "hair dryer": 1.5, "straightener": 1.5, "nail lamp": 2.0, "press-on nails": 1.5, "candle": 1.5,
    "page": 3.0, "icons": 2.0, "laboratory glass": 3.0, "vial box": 2.5, "device row": 3.0, "held cup": 4.0,
    "shop header": 6.0, "room": 4.0, "stamp sheet": 7.0, "headset": 5.0, "massager": 5.0,
    "banner": 3.0, "colour block": 1.5, "flowers": 1.5, "jewellery": 1.5,
}  # fmt: skip
FROM_ABOVE = {
    "stamping plate", "nail stickers", "banner", "colour block", "pattern", "landscape", "page", "icons",
    "shop header", "room", "stamp sheet",
}  # fmt: skip
PRINTED = {"page", "icons", "banner", "stamp sheet"}
# Sellers of care for salons photograph their devices and refills among laboratory glass as they do their creams.
BENCH = {
    "pump bottle", "ampoules", "carton", "derma pen", "light mask", "vial box", "headset", "massager",
    "device row",
}  # fmt: skip
ON_BENCH = 0.35
HANDS = {"held cup": {"wall": 3.0, "white": 1.0, "gradient": 3.0, "strong": 1.5}}  # hands hover over no table
FLAT = {
    "plate", "pens", "keys", "cloth", "book", "bowl", "gift card", "cards", "cutlery", "hand tool", "pizza", "sweets",
    "necklace", "clothes", "razor", "keyboard", "mouse", "press-on nails", "cotton", "syringe", "toothpaste", "racket",
    "banana", "vegetable", "soap", "laptop",
}  # fmt: skip


def other(draw: Draw) -> Product:
    """One of the things, or now and then two side by side."""
    name = draw.weighted({k: WEIGHTS.get(k, 1.0) for k in THINGS})
    parts = THINGS[name](draw)
    if name not in FROM_ABOVE and name not in HANDS and draw.chance(0.1):
        reach = float(max(p.mesh.high[0] for p in parts))
        second = THINGS[draw.choice(*(k for k in THINGS if k not in FROM_ABOVE and k not in HANDS))](draw)
        parts = [*parts, *moved(second, x=reach - float(min(p.mesh.low[0] for p in second)) + 0.2)]
    if name in PRINTED and draw.chance(0.6):  # the page goes on beyond the picture
        corner = parts[0].material.texture[3:6, 3:6].reshape(-1, 3).mean(0) / 255.0
        parts.append(Part(box(5.6, 0.0195, 5.6, 0.001), prop(corner, 0.6, "margin")))
    view: View = "upright"
    if name in FROM_ABOVE or (name == "false eyelashes" and draw.chance(0.7)):
        view = "overhead"
    elif name in FLAT or name == "false eyelashes":
        view = "flat"
    setting = "bench" if name in BENCH and draw.chance(ON_BENCH) else ""
    if name in HANDS:
        parts, setting = held(draw, list(placed(parts))), draw.weighted(HANDS[name])
    return Product(
        "other", placed(parts), (), None, name, None, "alone", view, tiltable=name not in HANDS, setting=setting
    )
