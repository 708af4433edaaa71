"""Reads Swift source as far as the checks of this folder need: code without comments and strings."""
import re

_OPENING = re.compile(r'//|/\*|#*"""|#*"')
_IMPORT = re.compile(
    r"""(?:^|;)[ \t]*
        (?P<before>(?:@[\w.]+(?:\([^)]*\))?\s*
                    |(?:public|package|internal|private|fileprivate|open)\s+)*)
        \bimport\s+
        (?:(?:struct|class|enum|protocol|func|var|let|typealias|actor|macro)\s+)?
        `?(?P<module>\w+)`?(?![\w`]|\s*:)""",
    re.MULTILINE | re.VERBOSE)


def code_only(text):
    """The text with every comment and string literal blanked; lines keep their numbers."""
    pieces = []
    position = 0
    while opening := _OPENING.search(text, position):
        pieces.append(text[position:opening.start()])
        position = _end_of(text, opening)
        pieces.append(re.sub(r"[^\n]", " ", text[opening.start():position]))
    pieces.append(text[position:])
    return "".join(pieces)


def imports(text):
    """Every import of a Swift file as (line number, module, what stands before `import`)."""
    code = code_only(text)
    for match in _IMPORT.finditer(code):
        line = code.count("\n", 0, match.start("module")) + 1
        yield line, match["module"], " ".join(match["before"].split())


def _end_of(text, opening):
    token = opening.group()
    if token == "//":
        end = text.find("\n", opening.end())
        return len(text) if end < 0 else end
    if token == "/*":
        return _end_of_block_comment(text, opening.end())
    return _end_of_string(text, opening.end(), token)


def _end_of_block_comment(text, position):
    depth = 1
    for match in re.compile(r"/\*|\*/").finditer(text, position):
        depth += 1 if match.group() == "/*" else -1
        if depth == 0:
            return match.end()
    return len(text)


def _end_of_string(text, position, opening):
    hashes = opening.count("#")
    quotes = opening[hashes:]
    closing = quotes + "#" * hashes
    escape = "\\" + "#" * hashes
    while position < len(text):
        if text.startswith(closing, position):
            return position + len(closing)
        if text.startswith(escape + "(", position):
            position = _end_of_interpolation(text, position + len(escape) + 1)
        elif text.startswith(escape, position):
            position += len(escape) + 1
        elif text[position] == "\n" and len(quotes) == 1:
            return position  # Not a string after all, such as a quote in a regular expression.
        else:
            position += 1
    return len(text)


def _end_of_interpolation(text, position):
    depth = 1
    while position < len(text):
        if opening := _OPENING.match(text, position):
            position = _end_of(text, opening)
            continue
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        position += 1
        if depth == 0:
            return position
    return len(text)
