"""Words for codes that people read out and type: 256 everyday things, short, plain, told apart by ear.

A code of four has 32 bits, which is enough for a code that lives 15 minutes behind limits, and for nothing else.
"""

from __future__ import annotations

WORDS = tuple(
    """
    acorn actor album angle ankle apple apron arrow atlas attic autumn badge bagel baker balcony banana banner barrel
    basil basket beach beaver belt bench berry bicycle biscuit blanket blossom boat bonnet book bottle bowl branch bread
    bridge brush bucket buffalo bundle butter button cabin cactus camel camera candle canoe canvas carpet carrot castle
    cello cherry chimney circle clock cloud clover cobweb coconut comet compass copper coral corner cottage cotton
    cousin cradle crayon cricket crown cupboard curtain cushion daisy dancer desert diamond dinner dolphin donkey
    dragon drawer drummer eagle easel elbow elephant engine envelope evening falcon farmer feather fiddle field finger
    flag flute forest fossil fountain fox garden garlic gate ginger giraffe glacier glove goblet grape guitar hammer
    harbour harp harvest hazel hedge helmet hill honey hotel igloo island ivory jacket jaguar jigsaw jungle kettle
    keyboard kitchen kite kitten ladder lake lantern lemon leopard letter library lizard lobster locket magnet mango
    maple marble market meadow melon mirror mitten monkey morning mountain muffin mushroom napkin necklace noodle
    notebook nutmeg oasis ocean octopus olive onion opera orange orchard otter owl paddle painter palace pancake panda
    paper parrot peach peanut pebble pencil pepper piano picnic pigeon pillow pilot pirate planet pocket poppy potato
    pumpkin puppet puzzle rabbit radio railway rainbow raisin ribbon river robin rocket saddle sailor salad sandal
    school shadow shovel silver singer sofa spider spoon squirrel stadium statue summer sunset
    swan sweater table tailor teapot temple ticket tiger toast tomato towel tractor trumpet tulip tunnel turtle umbrella
    valley velvet village violin waffle wallet walnut window winter wizard yogurt
    """.split()  # noqa: SIM905 - 256 words read better as words
)
