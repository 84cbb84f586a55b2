"""Timestream SQL as text -> a tree: Trino's grammar, durations (`15m`), and `measure_value::double`.

No function is given a meaning here: each stays a name with arguments, so that `functions` decides about all.
"""

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.dialects.trino import Trino
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokens import Token, TokenType

from local.timestream.query import limits
from local.timestream.query.errors import invalid, invalid_at, invalid_syntax, unsupported

_UNITS = {
    "ns": (1, "MICROSECOND"),
    "us": (1, "MICROSECOND"),
    "ms": (1, "MILLISECOND"),
    "s": (1, "SECOND"),
    "m": (1, "MINUTE"),
    "h": (1, "HOUR"),
    "d": (1, "DAY"),
    "w": (7, "DAY"),
    "mo": (1, "MONTH"),
    "y": (1, "YEAR"),
}
"""Duration suffix -> how many of which unit of an INTERVAL."""
_MOST_DURATION_DIGITS = 9
_MEASURE_TYPES = ("double", "bigint", "varchar", "boolean", "timestamp")
_OPEN = (TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.CASE)
_CLOSE = (TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.END)


class _Timestream(Trino):
    class Parser(Trino.Parser):
        FUNCTIONS = {}  # noqa: RUF012
        FUNCTION_PARSERS = {  # noqa: RUF012
            name: parser
            for name, parser in Trino.Parser.FUNCTION_PARSERS.items()
            if name in ("CAST", "TRY_CAST", "EXTRACT", "POSITION", "TRIM")
        }


_dialect = _Timestream()
_duckdb = DuckDB()


class Statement:
    """A statement as it was written: its text, its words with their places, its tree."""

    def __init__(self, text: str) -> None:
        """Raises ValidationException, with line and column where there is one."""
        self.text = text
        try:
            self.tokens = _dialect.tokenize(text)
        except TokenError:
            raise invalid_syntax(text, len(text.rstrip()), "end of a quoted text or comment") from None
        while self.tokens and self.tokens[-1].token_type == TokenType.SEMICOLON:
            self.tokens.pop()
        if not self.tokens:
            message = "The query is empty"
            raise invalid(message)

    def parse(self) -> exp.Expression:
        """The tree of its only query."""
        self._check_size()
        words = _with_durations(self)
        try:
            trees = _dialect.parser().parse(words, self.text)
        except ParseError as error:
            raise self._unreadable(error) from None
        except RecursionError:
            message = "The query is nested too deeply"
            raise invalid(message) from None
        except (ValueError, TypeError, AttributeError, IndexError, KeyError, AssertionError):
            # The parser meets some broken statements with an error of its own making.
            raise invalid_syntax(self.text, 0, "end of the statement") from None
        if len(trees) != 1 or trees[0] is None:
            message = "Only one statement can be run at a time"
            raise invalid(message)
        tree: exp.Expression = trees[0]
        return tree

    def error_at(self, word: str, message: str) -> Exception:
        """A ValidationException at the first place where this word stands."""
        for token in self.tokens:
            if token.text.lower() == word.lower():
                return invalid_at(self.text, token.start, message)
        # What SHOW lists is no word of its own for the tokenizer.
        place = self.text.lower().find(word.lower())
        return invalid_at(self.text, place if place >= 0 else self.tokens[0].start, message)

    def _check_size(self) -> None:
        if len(self.tokens) > limits.TOKENS:
            message = f"The query has {len(self.tokens)} words and signs; the limit is {limits.TOKENS}"
            raise invalid(message)
        depth = 0
        for token in self.tokens:
            if token.token_type in _OPEN:
                depth += 1
            elif token.token_type in _CLOSE:
                depth -= 1
            if depth > limits.NESTING:
                message = f"More than {limits.NESTING} brackets are open"
                raise invalid_at(self.text, token.start, message)

    def _unreadable(self, error: ParseError) -> Exception:
        found = error.errors[0] if error.errors else {}
        line, word = found.get("line"), found.get("highlight")
        for token in self.tokens:
            # sqlglot's column is that of the word's last character.
            if token.line == line and token.col == found.get("col"):
                return invalid_syntax(self.text, token.start, f"'{token.text}'")
        return invalid_syntax(self.text, self.tokens[0].start, f"'{word or self.tokens[0].text}'")


def duckdb_sql(tree: exp.Expression) -> str:
    """The text DuckDB runs."""
    return _duckdb.generate(tree, copy=False, unsupported_level=None)


def _with_durations(statement: Statement) -> list[Token]:
    """Its tokens with durations and typed measure values as the grammar has them."""
    words: list[Token] = []
    tokens = statement.tokens
    place = 0
    while place < len(tokens):
        token = tokens[place]
        following = tokens[place + 1 : place + 3]
        if _is_typed_measure(token, following):
            name = f"measure_value::{following[1].text.lower()}"
            words.append(_token(TokenType.IDENTIFIER, name, token))
            place += 3
        elif (
            token.token_type == TokenType.NUMBER
            and following
            and following[0].start == token.end + 1
            and following[0].text.lower() in _UNITS
        ):
            words += _interval(statement, token, following[0].text.lower())
            place += 2
        else:
            words.append(token)
            place += 1
    return words


def _is_typed_measure(token: Token, following: list[Token]) -> bool:
    return (
        token.text.lower() == "measure_value"
        and len(following) == 2
        and following[0].token_type == TokenType.DCOLON
        and following[1].text.lower() in _MEASURE_TYPES
    )


def _interval(statement: Statement, number: Token, suffix: str) -> list[Token]:
    if not number.text.isdigit() or len(number.text) > _MOST_DURATION_DIGITS + 3:
        raise invalid_syntax(statement.text, number.start, f"'{number.text}{suffix}'")
    factor, unit = _UNITS[suffix]
    count = int(number.text) * factor
    if suffix == "ns":
        if count % 1000:
            unsupported(f"A duration that is no multiple of a microsecond ({number.text}ns)")
        count //= 1000
    return [
        _token(TokenType.INTERVAL, "INTERVAL", number),
        _token(TokenType.STRING, str(count), number),
        _token(TokenType.VAR, unit, number),
    ]


def _token(kind: TokenType, text: str, where: Token) -> Token:
    return Token(kind, text, where.line, where.col, where.start, where.end)
