"""Import statements with other names in them, in the same layout."""

from collections.abc import Mapping

import libcst as cst

from migration.rewriting.names import NEW_MODULE, OLD_MODULE

Names = tuple[tuple[str, str | None], ...]


def with_names(new: Mapping[cst.CSTNode, Names], original: cst.ImportFrom, updated: cst.ImportFrom) -> cst.ImportFrom:
    """The statement with the names that each of its names becomes; what it has already is not imported twice."""
    if isinstance(original.names, cst.ImportStar) or isinstance(updated.names, cst.ImportStar):
        return updated
    stay = {_pair(alias) for alias in original.names if alias not in new}
    aliases: list[cst.ImportAlias] = []
    for alias, now in zip(original.names, updated.names, strict=True):
        if alias not in new:
            aliases.append(now)
            continue
        wanted = [pair for pair in new[alias] if pair not in stay] or ([] if _plain(now) else list(new[alias]))
        stay.update(wanted)
        aliases += _named(now, wanted)
    if not original.names[-1].comma or isinstance(original.names[-1].comma, cst.MaybeSentinel):
        aliases[-1] = aliases[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return updated.with_changes(names=aliases)


def with_module(node: cst.BaseExpression | None) -> cst.BaseExpression | None:
    """The path of a module with the last part that it has now."""
    if isinstance(node, cst.Attribute) and node.attr.value == OLD_MODULE:
        return node.with_changes(attr=cst.Name(NEW_MODULE))
    return node


def _named(alias: cst.ImportAlias, names: list[tuple[str, str | None]]) -> list[cst.ImportAlias]:
    """The same alias under each of these names, in place of it; the layout and comments after it stay behind the last."""
    between = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    made = [alias.with_changes(name=cst.Name(name), asname=_as(alias, known), comma=between) for name, known in names]
    return [*made[:-1], made[-1].with_changes(comma=alias.comma)] if made else []


def _as(alias: cst.ImportAlias, known: str | None) -> cst.AsName | None:
    if known is None:
        return None
    if alias.asname:
        return alias.asname.with_changes(name=cst.Name(known))
    return cst.AsName(cst.Name(known))


def _pair(alias: cst.ImportAlias) -> tuple[str, str | None]:
    return alias.evaluated_name, alias.evaluated_alias


def _plain(alias: cst.ImportAlias) -> bool:
    """True if nothing would be lost with it: no comment stands behind it."""
    return "#" not in cst.Module([]).code_for_node(alias)
