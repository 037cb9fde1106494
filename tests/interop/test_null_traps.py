"""Why the exported logic has guards: what the engines make of a missing answer where nothing guards it."""

from __future__ import annotations

from tests.support import engines

FEEL = {
    'absent = "fever"': False,  # a missing choice is a "no"
    'absent in ("fever", "cough")': False,
    'list contains(["fever"], absent)': False,
    'list contains(absent, "fever")': None,
    "count(absent) >= 1": None,
    'count(union(absent, ["fever"])) >= 1': None,  # although one is there
    "sum([])": None,
    "count([null][item = null])": 0,  # a filter loses what is null or false
    '"not_sure" >= 3': True,  # a text is compared with a number
    '"not_sure" < 3': False,
}
STRING = "{urn:hl7-org:elm-types:r1}String"
WORDS = {"type": "ListTypeSpecifier", "elementType": {"type": "NamedTypeSpecifier", "name": STRING}}
WORD = {"type": "Literal", "valueType": STRING, "value": "fever"}
ABSENT, DEFAULTED = {"type": "ParameterRef", "name": "absent"}, {"type": "ParameterRef", "name": "defaulted"}
ELM: dict[str, tuple[dict[str, object], object]] = {
    "a parameter left out without a default is not null": ({"type": "IsNull", "operand": ABSENT}, False),
    "with a default of null it is": ({"type": "IsNull", "operand": DEFAULTED}, True),
    "a missing list is an empty one to Exists": ({"type": "Exists", "operand": DEFAULTED}, False),
    "and to Count": ({"type": "Count", "source": DEFAULTED}, 0),
    "and to In": ({"type": "In", "operand": [WORD, DEFAULTED]}, False),
}


def test_feel_unguarded() -> None:
    logic = {text: {"text": text, "reads": ["absent"]} for text in FEEL}
    assert engines.run("feel", logic, [{}]) == [FEEL]


def test_elm_unguarded() -> None:
    absent = {"name": "absent", "parameterTypeSpecifier": WORDS}
    defaulted = {"name": "defaulted", "parameterTypeSpecifier": WORDS, "default": {"type": "Null"}}
    statements = [{"name": name, "context": "Unfiltered", "expression": node} for name, (node, _) in ELM.items()]
    library = {
        "identifier": {"id": "Traps", "version": "1"},
        "schemaIdentifier": {"id": "urn:hl7-org:elm", "version": "r1"},
        "parameters": {"def": [absent, defaulted]},
        "statements": {"def": statements},
    }
    assert engines.run("elm", {"library": library}, [{}]) == [{name: result for name, (_, result) in ELM.items()}]
