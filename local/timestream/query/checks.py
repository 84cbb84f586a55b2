"""Whether a statement may be run at all: kinds of nodes, depth, and what macros make of it. Pure."""

from sqlglot import exp

from local.timestream.query import limits
from local.timestream.query.dialect import Statement
from local.timestream.query.errors import invalid, unsupported
from local.timestream.query.macros import COPIES
from local.timestream.query.nodes import ALLOWED, NAMES


def check(statement: Statement, tree: exp.Expression) -> None:
    if not isinstance(tree, exp.Query):
        unsupported(f"A statement that begins with {statement.tokens[0].text.upper()}")
    levels = [tree]
    depth = 0
    while levels:
        depth += 1
        if depth > limits.TREE_DEPTH:
            message = f"The query is nested too deeply: more than {limits.TREE_DEPTH} levels"
            raise invalid(message)
        for node in levels:
            if isinstance(node, exp.With) and node.recursive:
                unsupported("WITH RECURSIVE")
            if type(node) not in ALLOWED:
                unsupported(NAMES.get(type(node)) or type(node).key.upper().replace("_", " "))
        levels = [child for node in levels for child in node.iter_expressions()]


def check_written_out(tree: exp.Expression) -> None:
    """A macro repeats its arguments: what that makes of the statement has a limit."""
    sizes: dict[int, int] = {}
    for node in reversed(list(tree.walk(bfs=True))):
        inner = sum(sizes.pop(id(child), 0) for child in node.iter_expressions())
        copies = COPIES.get(node.name, 1) if isinstance(node, exp.Anonymous) else 1
        sizes[id(node)] = size = 1 + copies * inner
        if size > limits.WRITTEN_OUT:
            message = "The query is too complex"
            raise invalid(message)
