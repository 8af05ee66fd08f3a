"""The calls of old methods, and the calls of the new pipeline that take their place."""

from collections.abc import Sequence
from typing import Final

import libcst as cst

from migration.rewriting.names import ATTRIBUTES, OF_A_BUILDER, OF_A_ROUTE

DEFAULT_KEY: Final = '"calm-medium-learning"'  # under which build_prompt of the old face built


def converted(call: cst.Call) -> cst.BaseExpression | None:
    """The expression that takes the place of a call of an old method; None if its arguments do not tell which."""
    function = call.func
    if not isinstance(function, cst.Attribute):
        return None
    name = function.attr.value
    if name in OF_A_ROUTE:
        return _parenthesised(call, cst.Attribute(_method(function, call, "router", "route"), cst.Name(OF_A_ROUTE[name])))
    if name in ATTRIBUTES:
        return _parenthesised(call, function.with_changes(attr=cst.Name(ATTRIBUTES[name]))) if not call.args else None
    if name in OF_A_BUILDER:
        return _of_builder(call, function, OF_A_BUILDER[name])
    if name == "get_available_personas":
        return _parenthesised(call, _method(function, call, "router", name))
    if name == "get_new_pipeline":
        return _parenthesised(call, function.value) if not call.args else None
    return _built(call, function)


def _method(function: cst.Attribute, call: cst.Call, part: str, method: str) -> cst.Call:
    """The same call of a method of a part."""
    whole = function.with_changes(attr=cst.Name(part), lpar=(), rpar=())
    return call.with_changes(func=cst.Attribute(whole, cst.Name(method)), lpar=(), rpar=())


def _of_builder(call: cst.Call, function: cst.Attribute, method: str) -> cst.BaseExpression | None:
    given = _given(call.args, ("persona",))
    if given is None or "persona" not in given:
        return None
    return _parenthesised(call, cst.Call(cst.Attribute(_builder(function, given["persona"]), cst.Name(method))))


def _built(call: cst.Call, function: cst.Attribute) -> cst.BaseExpression | None:
    given = _given(call.args, ("user_input", "persona", "context"))
    if given is None or not given.keys() >= {"user_input", "persona"}:
        return None
    values = [given["user_input"], cst.SimpleString(DEFAULT_KEY), *([given["context"]] if "context" in given else [])]
    built = cst.Attribute(_builder(function, given["persona"]), cst.Name("build"))
    return _parenthesised(call, cst.Call(built, [cst.Arg(value) for value in values]))


def _builder(function: cst.Attribute, persona: cst.BaseExpression) -> cst.Call:
    factory = function.with_changes(attr=cst.Name("prompt_factory"), lpar=(), rpar=())
    return cst.Call(cst.Attribute(factory, cst.Name("create")), [cst.Arg(persona)])


def _given(args: Sequence[cst.Arg], names: Sequence[str]) -> dict[str, cst.BaseExpression] | None:
    """The arguments by name; None where stars, unknown names or comments among them do not let us tell or keep them."""
    given: dict[str, cst.BaseExpression] = {}
    for place, arg in enumerate(args):
        name = arg.keyword.value if arg.keyword else names[place] if place < len(names) else ""
        if arg.star or name not in names or name in given or "#" in cst.Module([]).code_for_node(arg):
            return None
        given[name] = arg.value
    return given


def _parenthesised(call: cst.Call, node: cst.BaseExpression) -> cst.BaseExpression:
    """A node in the parentheses that the call had, beside its own."""
    return node.with_changes(lpar=[*call.lpar, *node.lpar], rpar=[*node.rpar, *call.rpar]) if call.lpar else node
