"""What the shop sells: kinds, categories and numbers; silhouettes with their usual goods."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of product: its shop category, its label, how many, and a usual price in euros."""

    category: str
    label: str
    count: int
    price: float
    plain_share: float


KINDS: dict[str, Kind] = {
    "running_shoes": Kind("footwear", "running shoes", 32, 95, 0.45),
    "sneakers": Kind("footwear", "sneakers", 40, 80, 0.45),
    "ankle_boots": Kind("footwear", "ankle boots", 34, 135, 0.75),
    "tall_boots": Kind("footwear", "tall boots", 30, 185, 0.6),
    "heels": Kind("footwear", "heels", 44, 105, 0.55),
    "sandals": Kind("footwear", "sandals", 30, 69, 0.45),
    "loafers": Kind("footwear", "loafers", 26, 110, 0.5),
    "t_shirts": Kind("tops", "T-shirts", 42, 24, 0.35),
    "shirts": Kind("tops", "shirts", 36, 49, 0.3),
    "knitwear": Kind("tops", "knitwear", 36, 65, 0.5),
    "jackets": Kind("outerwear", "jackets", 32, 129, 0.45),
    "coats": Kind("outerwear", "coats", 30, 190, 0.55),
    "trousers": Kind("bottoms", "trousers", 34, 65, 0.5),
    "shorts": Kind("bottoms", "shorts", 24, 39, 0.45),
    "skirts": Kind("bottoms", "skirts", 32, 55, 0.4),
    "dresses": Kind("dresses", "dresses", 42, 85, 0.3),
    "bags": Kind("bags", "bags", 48, 95, 0.5),
    "hats": Kind("hats", "hats", 32, 35, 0.5),
}

GOODS: dict[str, dict[str, tuple[str, str]]] = {
    "running_shoes": {
        "road": ("Road Running Shoe", "mesh mesh knit"),
        "cushioned": ("Cushioned Running Shoe", "mesh knit"),
        "stability": ("Stability Running Shoe", "mesh"),
        "racer": ("Racing Shoe", "mesh knit nylon"),
        "trail": ("Trail Running Shoe", "mesh nylon"),
        "retro": ("Retro Runner", "nylon mesh"),
        "gel": ("Gel Running Shoe", "mesh"),
        "knit_trainer": ("Trainer", "knit"),
    },
    "sneakers": {
        "court": ("Court Sneaker", "leather leather suede"),
        "canvas_low": ("Low Sneaker", "canvas canvas denim"),
        "canvas_high": ("High-Top Sneaker", "canvas canvas denim"),
        "skate": ("Skate Shoe", "suede canvas"),
        "slip_on": ("Slip-On", "canvas canvas denim"),
        "basket_high": ("High-Top", "leather suede"),
        "chunky": ("Chunky Sneaker", "leather suede"),
        "platform": ("Platform Sneaker", "canvas leather"),
        "velcro": ("Touch-Strap Sneaker", "leather suede"),
    },
    "ankle_boots": {
        "chelsea": ("Chelsea Boot", "leather suede"),
        "chelsea_lug": ("Lug-Sole Chelsea Boot", "leather patent"),
        "combat": ("Combat Boot", "leather leather patent"),
        "hiker": ("Hiking Boot", "suede leather"),
        "desert": ("Desert Boot", "suede suede leather"),
        "block_zip": ("Block-Heel Ankle Boot", "leather suede"),
        "stiletto": ("Stiletto Ankle Boot", "leather suede patent"),
        "western": ("Western Ankle Boot", "leather suede"),
        "square_flare": ("Square-Toe Ankle Boot", "leather patent"),
        "wedge": ("Wedge Ankle Boot", "suede leather"),
        "buckled": ("Buckled Boot", "leather"),
        "rain_chelsea": ("Chelsea Rain Boot", "rubber"),
        "rain_short": ("Short Rain Boot", "rubber"),
        "cone": ("Kitten-Heel Boot", "leather suede patent"),
    },
    "tall_boots": {
        "riding": ("Riding Boot", "leather"),
        "knee_block": ("Knee-High Boot", "leather suede"),
        "stiletto": ("Stiletto Boot", "leather suede patent"),
        "western": ("Western Boot", "leather suede"),
        "rain": ("Rain Boot", "rubber"),
        "rain_strap": ("Buckled Rain Boot", "rubber"),
        "rain_handle": ("Pull-On Rain Boot", "rubber"),
        "slouch": ("Slouch Boot", "suede leather"),
        "combat_tall": ("Tall Combat Boot", "leather"),
        "over_knee": ("Over-the-Knee Boot", "suede leather"),
        "wedge": ("Wedge Boot", "suede"),
    },
    "heels": {
        "stiletto": ("Stiletto Pump", "patent patent patent leather suede satin"),
        "peep_toe": ("Peep-Toe Pump", "patent suede satin"),
        "dorsay": ("D'Orsay Pump", "leather suede satin patent"),
        "platform_strap": ("Platform Sandal Heel", "patent suede satin"),
        "kitten": ("Kitten Heel", "leather suede patent"),
        "block": ("Block-Heel Pump", "leather suede"),
        "mary_jane": ("Mary Jane", "patent leather"),
        "slingback": ("Slingback", "leather patent satin"),
        "ankle_strap": ("Ankle-Strap Heel", "suede satin leather"),
        "platform": ("Platform Pump", "patent"),
        "wedge": ("Wedge Pump", "suede leather canvas"),
        "mule": ("Heeled Mule", "leather satin"),
        "t_strap": ("T-Strap Heel", "leather suede"),
        "square_block": ("Square-Toe Pump", "leather patent"),
    },
    "sandals": {
        "slide": ("Slide", "leather suede patent canvas"),
        "cross_slide": ("Crossed Slide", "leather straw"),
        "woven": ("Woven Sandal", "leather straw"),
        "two_strap": ("Two-Strap Sandal", "leather suede"),
        "sport": ("Trekking Sandal", "nylon"),
        "gladiator": ("Gladiator Sandal", "leather"),
        "thong": ("Thong Sandal", "leather suede"),
        "flip_flop": ("Flip-Flop", "nylon"),
        "t_bar": ("T-Bar Sandal", "leather"),
        "crossed_wedge": ("Wedge Sandal", "leather suede"),
        "espadrille": ("Espadrille Sandal", "canvas canvas suede leather"),
        "block_heel": ("Heeled Sandal", "leather suede satin"),
        "stiletto": ("Stiletto Sandal", "satin patent leather"),
        "platform": ("Platform Sandal", "leather suede"),
        "fisherman": ("Fisherman Sandal", "leather"),
    },
    "loafers": {
        "penny": ("Penny Loafer", "leather suede"),
        "horsebit": ("Horsebit Loafer", "leather suede"),
        "tassel": ("Tassel Loafer", "leather suede"),
        "driving": ("Driving Moccasin", "suede leather"),
        "lug": ("Lug-Sole Loafer", "leather patent"),
        "platform": ("Platform Loafer", "leather patent"),
        "slipper": ("Slipper Loafer", "satin suede canvas"),
        "block": ("Heeled Loafer", "leather patent"),
        "pointed_flat": ("Pointed Flat", "leather suede satin"),
        "boat": ("Boat Shoe", "leather suede canvas"),
        "monk": ("Monk Shoe", "leather suede"),
        "backless": ("Backless Loafer", "leather suede"),
        "brogue": ("Brogue", "leather leather suede"),
        "saddle": ("Saddle Shoe", "leather"),
    },
    "t_shirts": {
        "crew": ("Crew T-Shirt", "cotton"),
        "crew fitted": ("Fitted T-Shirt", "cotton"),
        "v neck": ("V-Neck T-Shirt", "cotton"),
        "v neck fitted": ("Fitted V-Neck T-Shirt", "cotton"),
        "boxy": ("Boxy T-Shirt", "cotton"),
        "oversized": ("Oversized T-Shirt", "cotton"),
        "scoop": ("Scoop-Neck T-Shirt", "cotton"),
        "boat neck": ("Boat-Neck Top", "cotton"),
        "long sleeve": ("Long-Sleeve T-Shirt", "cotton"),
        "cropped": ("Cropped T-Shirt", "cotton"),
    },
    "shirts": {
        "regular": ("Shirt", "cotton linen"),
        "slim": ("Slim Shirt", "cotton"),
        "band collar": ("Band-Collar Shirt", "linen cotton"),
        "short sleeve": ("Short-Sleeve Shirt", "cotton linen"),
        "camp": ("Camp-Collar Shirt", "cotton"),
        "overshirt": ("Overshirt", "denim corduroy"),
        "blouse": ("Blouse", "satin satin cotton"),
        "polo": ("Polo Shirt", "cotton"),
        "oversized": ("Oversized Shirt", "cotton linen denim"),
    },
    "knitwear": {
        "crew": ("Crew-Neck Jumper", "knit wool"),
        "crew fitted": ("Fitted Jumper", "knit"),
        "cable crew": ("Cable Jumper", "knit"),
        "cable turtleneck": ("Cable Roll-Neck", "knit"),
        "turtleneck": ("Roll-Neck Jumper", "knit wool"),
        "mock neck rib": ("Ribbed Mock-Neck", "knit"),
        "v neck": ("V-Neck Jumper", "knit wool"),
        "chunky oversized": ("Chunky Jumper", "knit"),
        "cardigan": ("Cardigan", "knit wool"),
        "crew cardigan": ("Crew Cardigan", "knit"),
        "hoodie": ("Hoodie", "knit cotton"),
        "zip hoodie": ("Zip Hoodie", "knit cotton"),
        "sweatshirt": ("Sweatshirt", "cotton"),
        "vest": ("Knitted Vest", "knit wool"),
        "half zip": ("Half-Zip Jumper", "knit wool"),
    },
    "jackets": {
        "denim": ("Denim Jacket", "denim"),
        "denim oversized": ("Oversized Denim Jacket", "denim"),
        "biker": ("Biker Jacket", "leather leather suede"),
        "bomber": ("Bomber Jacket", "nylon nylon suede leather"),
        "varsity": ("Varsity Jacket", "wool"),
        "puffer": ("Puffer Jacket", "nylon"),
        "light puffer": ("Light Down Jacket", "nylon"),
        "gilet": ("Quilted Gilet", "nylon"),
        "quilted": ("Quilted Jacket", "nylon cotton"),
        "blazer": ("Blazer", "wool tweed linen corduroy"),
        "blazer fitted": ("Fitted Blazer", "wool linen"),
        "blazer double-breasted": ("Double-Breasted Blazer", "wool tweed linen"),
        "field": ("Field Jacket", "cotton"),
        "windbreaker": ("Windbreaker", "nylon"),
        "harrington": ("Harrington Jacket", "cotton suede"),
    },
    "coats": {
        "overcoat": ("Overcoat", "wool tweed"),
        "overcoat long": ("Long Overcoat", "wool felt"),
        "overcoat fitted": ("Fitted Coat", "wool felt"),
        "double-breasted": ("Double-Breasted Coat", "wool tweed"),
        "double-breasted long": ("Long Double-Breasted Coat", "wool felt"),
        "pea coat": ("Pea Coat", "wool felt"),
        "trench": ("Trench Coat", "cotton cotton leather"),
        "trench short": ("Short Trench Coat", "cotton"),
        "wrap": ("Wrap Coat", "wool felt"),
        "duffle": ("Duffle Coat", "wool felt"),
        "parka": ("Parka", "cotton nylon"),
        "long puffer": ("Long Puffer Coat", "nylon"),
        "mac": ("Mac", "cotton"),
        "teddy": ("Teddy Coat", "wool"),
    },
    "trousers": {
        "straight jeans": ("Straight Jeans", "denim"),
        "skinny jeans": ("Skinny Jeans", "denim"),
        "wide jeans": ("Wide-Leg Jeans", "denim"),
        "flared jeans": ("Flared Jeans", "denim"),
        "chinos": ("Chinos", "cotton cotton corduroy"),
        "dress trousers": ("Dress Trousers", "wool tweed"),
        "pleated trousers": ("Pleated Trousers", "wool linen cotton"),
        "wide trousers": ("Wide-Leg Trousers", "linen wool cotton"),
        "joggers": ("Joggers", "cotton"),
        "cargo": ("Cargo Trousers", "cotton"),
        "cropped": ("Cropped Trousers", "cotton linen"),
    },
    "shorts": {
        "chino": ("Chino Shorts", "cotton linen"),
        "denim": ("Denim Shorts", "denim"),
        "denim mini": ("Mini Shorts", "denim"),
        "pleated": ("Pleated Shorts", "linen cotton"),
        "cargo": ("Cargo Shorts", "cotton"),
        "sweat": ("Sweat Shorts", "cotton"),
        "running": ("Running Shorts", "nylon"),
        "bermuda": ("Bermuda Shorts", "linen corduroy cotton"),
    },
    "skirts": {
        "pencil midi": ("Pencil Skirt", "wool leather cotton"),
        "A-line mini": ("A-Line Mini Skirt", "wool corduroy leather cotton"),
        "A-line midi": ("A-Line Midi Skirt", "cotton linen wool"),
        "circle": ("Circle Skirt", "cotton satin"),
        "maxi": ("Maxi Skirt", "cotton linen satin"),
        "pleated midi": ("Pleated Midi Skirt", "satin wool"),
        "pleated mini": ("Pleated Mini Skirt", "wool"),
        "tiered maxi": ("Tiered Maxi Skirt", "cotton"),
        "ruffled mini": ("Ruffled Mini Skirt", "cotton"),
        "slip midi": ("Slip Skirt", "satin"),
        "denim mini": ("Mini Skirt", "denim"),
        "button midi": ("Buttoned Midi Skirt", "denim corduroy linen"),
        "wrap midi": ("Wrap Skirt", "cotton linen satin"),
    },
    "dresses": {
        "sheath": ("Sheath Dress", "wool cotton"),
        "fit and flare": ("Fit-and-Flare Dress", "cotton satin"),
        "fit and flare sleeved": ("Flared Dress", "cotton wool"),
        "wrap midi": ("Wrap Midi Dress", "satin cotton"),
        "wrap mini": ("Wrap Mini Dress", "cotton linen"),
        "shirt dress": ("Shirt Dress", "cotton linen denim"),
        "tiered maxi": ("Tiered Maxi Dress", "cotton"),
        "strap mini": ("Strappy Mini Dress", "cotton linen satin"),
        "slip midi": ("Slip Dress", "satin"),
        "pleated midi": ("Pleated Midi Dress", "satin cotton"),
        "T-shirt dress": ("T-Shirt Dress", "cotton"),
        "puff sleeve mini": ("Puff-Sleeve Dress", "cotton linen"),
    },
    "bags": {
        "shopper": ("Shopper", ""),
        "tall tote": ("Tote Bag", ""),
        "work tote": ("Work Tote", ""),
        "basket": ("Basket Bag", ""),
        "baguette": ("Baguette Bag", ""),
        "saddle": ("Saddle Bag", ""),
        "camera": ("Camera Bag", ""),
        "quilted": ("Quilted Shoulder Bag", ""),
        "bucket": ("Bucket Bag", ""),
        "daypack": ("Backpack", ""),
        "city pack": ("City Backpack", ""),
        "envelope": ("Envelope Clutch", ""),
        "fold clutch": ("Clutch", ""),
        "frame clutch": ("Frame Clutch", ""),
        "satchel": ("Satchel", ""),
        "small satchel": ("Small Satchel", ""),
    },
    "hats": {
        "baseball cap": ("Baseball Cap", ""),
        "trucker cap": ("Trucker Cap", ""),
        "visor": ("Sun Visor", ""),
        "five-panel cap": ("Five-Panel Cap", ""),
        "fedora": ("Fedora", ""),
        "wide brim": ("Wide-Brim Hat", ""),
        "western": ("Western Hat", ""),
        "panama": ("Panama Hat", ""),
        "boater": ("Boater", ""),
        "cloche": ("Cloche", ""),
        "sun hat": ("Sun Hat", ""),
        "bucket hat": ("Bucket Hat", ""),
        "deep bucket hat": ("Deep Bucket Hat", ""),
        "cuffed beanie": ("Beanie", ""),
        "bobble beanie": ("Bobble Beanie", ""),
        "fisherman beanie": ("Fisherman Beanie", ""),
        "beret": ("Beret", ""),
        "flat cap": ("Flat Cap", ""),
        "newsboy cap": ("Newsboy Cap", ""),
    },
}
"""By kind and silhouette: the noun in the product's name, and materials ("" = the module's)."""

BECOMING: dict[str, str] = {
    "leather": "plain leopard zebra cowhide snake glitter two-tone colour-block",
    "suede": "plain leopard two-tone colour-block",
    "patent": "plain snake two-tone colour-block",
    "rubber": "plain dots stripes checks floral camouflage leopard zebra doodle daisy painted",
    "felt": "plain checks colour-block",
    "corduroy": "plain colour-block",
    "denim": "plain colour-block",
    "mesh": "plain stripes camouflage speckled ombre colour-block geometric leopard",
    "knit": "plain stripes checks print speckled ombre geometric colour-block",
    "wool": "plain checks stripes colour-block",
    "tweed": "plain checks",
    "satin": "plain floral dots print leopard zebra colour-block",
    "linen": "plain stripes checks floral",
    "straw": "plain stripes colour-block",
    "nylon": "plain camouflage print floral checks leopard colour-block",
    "cotton": "plain stripes checks dots floral camouflage print leopard zebra colour-block",
    "canvas": (
        "plain stripes checks dots floral camouflage print leopard zebra daisy painted geometric"
        " colour-block"
    ),
}
"""The patterns that a material is made in."""

MATERIAL_PRICE: dict[str, float] = {
    "leather": 1.35,
    "patent": 1.28,
    "suede": 1.25,
    "satin": 1.2,
    "wool": 1.3,
    "tweed": 1.28,
    "felt": 1.2,
    "linen": 1.08,
    "canvas": 0.8,
    "mesh": 0.95,
    "cotton": 0.95,
    "nylon": 0.85,
    "straw": 0.85,
}

SILHOUETTE_PRICE: dict[str, float] = {
    "fold clutch": 0.75,
    "envelope": 0.8,
    "frame clutch": 0.85,
    "satchel": 1.4,
    "work tote": 1.25,
    "quilted": 1.3,
    "over_knee": 1.2,
    "flip_flop": 0.45,
    "rain": 0.5,
    "rain_strap": 0.55,
    "rain_handle": 0.6,
    "rain_short": 0.5,
    "rain_chelsea": 0.6,
    "fedora": 1.5,
    "wide brim": 1.6,
    "panama": 1.5,
    "tiered maxi": 1.15,
}


@dataclass(frozen=True, slots=True)
class Brand:
    """An invented brand: what it charges against the usual price, and the kinds it makes."""

    name: str
    factor: float
    kinds: frozenset[str]


_FEET = frozenset(name for name, kind in KINDS.items() if kind.category == "footwear")
_SPORT = frozenset({"running_shoes", "sneakers", "t_shirts", "shorts", "jackets", "hats", "bags"})
_CLOTHES = frozenset(KINDS) - _FEET
_ALL = frozenset(KINDS)

BRANDS: tuple[Brand, ...] = (
    Brand("Orvelle Paris", 2.5, _ALL - {"running_shoes"}),
    Brand("Castagna", 2.0, _FEET | {"bags"} - {"running_shoes"}),
    Brand("Fjellmark", 1.55, _CLOTHES | {"ankle_boots", "running_shoes"}),
    Brand("Tessaro", 1.5, _FEET | {"bags", "hats", "jackets", "coats"}),
    Brand("Veloro", 1.4, _SPORT),
    Brand("Arbel", 1.1, _ALL),
    Brand("Linden & Larch", 1.0, _ALL - {"running_shoes"}),
    Brand("Marlo Street", 0.8, _ALL),
    Brand("Pacer Nine", 0.65, _SPORT | {"trousers", "knitwear", "sandals"}),
    Brand("Dunmoor", 0.55, _ALL),
    Brand("Plainday", 0.45, _ALL),
)

_NAMES = (
    "Lisbon Oslo Verona Turin Ghent Porto Arles Bergen Malaga Siena Delft Tartu Riga Basel Nimes "
    "Graz Lund Split Cadiz Turku Ostend Bruges Parma Lugano Trento Alba Capri Elba Ischia Corfu "
    "Naxos Samos Rhodes Kotor Zadar Gijon Leon Braga Evora Sintra Tomar Faro Aveiro Skagen Ribe "
    "Odense Visby Uppsala Narvik Tromso Alta Bodo Molde Voss Hamar Lahti Vaasa Pori Rauma Kemi "
    "Harlow Fenway Camden Bexley Marlow Selby Whitby Thirsk Alnwick Ripon Ludlow Wells Frome "
    "Ada Alma Cora Della Edie Flora Greta Hedda Ines June Kaia Lena Mara Nora Olive Petra Rosa "
    "Stella Thea Una Vera Willa Zoe Anton Bruno Caspar Emil Felix Gustav Hugo Ivo Jonas Karl "
    "Leo Milo Nils Otto Paul Rafe Sven Theo Viktor Walt"
)
MODELS: tuple[str, ...] = tuple(_NAMES.split())
