#!/usr/bin/env python3
"""Write the manual pages of headroom from what its help says.

`headroom --experimental-dump-help` tells all verbs, their options and their texts; each becomes a
page in mdoc(7): headroom.1, headroom-reserve.1, headroom-party-list.1.
"""
import argparse
import datetime
import json
import pathlib
import subprocess
import textwrap

# What holds for every verb; docs/reference/command-line.md says it at length.
_STATUSES = [
    ("0", "Done, or granted."),
    ("1", "Refused: the rules say no, and the refusal is an entry."),
    ("2", "Rejected: the input or the usage is wrong."),
    ("3", "Conflict: another process has the ledger, or it exists already."),
    ("4", "Verification failed: the log or the export is not what was written."),
    ("5", "The world failed: disk, permission, damaged files, a newer format."),
]
_ENVIRONMENT = [
    ("HEADROOM_LEDGER", "The ledger's folder, where no option names it; else ./ledger."),
    ("HEADROOM_ORGANISATION", "The organisation that acts, where no option names it."),
    ("NO_COLOR", "If it is set and not empty, nothing is colored unless --color always is given."),
    ("COLUMNS", "How wide a terminal is; else it is asked."),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--headroom", required=True, help="the built program")
    parser.add_argument("--date", type=datetime.date.fromisoformat, default=datetime.date.today(),
                        help="the date of the pages (default: today)")
    parser.add_argument("folder", type=pathlib.Path)
    arguments = parser.parse_args()
    dump = subprocess.run([arguments.headroom, "--experimental-dump-help"], check=True,
                          capture_output=True).stdout
    pages = list(commands(json.loads(dump)["command"], []))
    for path, command in pages:
        text = page(path, command, arguments.date)
        (arguments.folder / f"{'-'.join(path)}.1").write_text(text, encoding="utf-8")
    print(f"man: {len(pages)} pages in {arguments.folder}")


def commands(command, above):
    """A command and all below it, with their paths."""
    path = above + [command["commandName"]]
    yield path, command
    for child in command.get("subcommands", []):
        if child["commandName"] != "help" and child.get("shouldDisplay", True):
            yield from commands(child, path)


def page(path, command, date):
    name = "-".join(path)
    discussion, examples = split_examples(command.get("discussion") or "")
    lines = [f".Dd {date:%B} {date.day}, {date.year}", f".Dt {name.upper()} 1", ".Os Headroom",
             ".Sh NAME", f".Nm {name}", f".Nd {escaped(command['abstract'].rstrip('.'))}",
             ".Sh SYNOPSIS", *synopsis(path, command), ".Sh DESCRIPTION",
             *paragraphs(command["abstract"] + "\n\n" + discussion)]
    lines += verbs(path, command)
    lines += listed(command, "positional", "ARGUMENTS")
    lines += listed(command, "option", "OPTIONS")
    lines += tagged("ENVIRONMENT", _ENVIRONMENT, ".Ev ")
    lines += tagged("EXIT STATUS", _STATUSES, "")
    if examples:
        lines += [".Sh EXAMPLES", ".Bd -literal", *map(literal, examples), ".Ed"]
    lines += see_also(path, command)
    return "\n".join(lines) + "\n"


def split_examples(discussion):
    """What stands before the examples, and the lines of these."""
    before, heading, after = discussion.partition("Examples:\n")
    if not heading:
        return discussion, []
    return before.strip(), textwrap.dedent(after.rstrip()).splitlines()


def synopsis(path, command):
    lines = [f".Nm {' '.join(path)}"]
    if command.get("subcommands"):
        return lines + [".Ar verb", ".Op Ar options"]
    for argument in shown(command):
        lines.append(usage(argument))
    return lines


def usage(argument):
    if argument["kind"] == "positional":
        macro = f"Ar {argument['valueName']}"
    else:
        macro = f"Fl {long_name(argument)}"
        if argument["kind"] == "option":
            macro += f" Ar {argument['valueName']}"
    return f".Op {macro}" if argument["isOptional"] else f".{macro}"


def shown(command):
    return [argument for argument in command.get("arguments", [])
            if argument.get("shouldDisplay", True)]


def long_name(argument):
    """An option as .Fl writes it, which puts one of the two hyphens itself."""
    names = [name["name"] for name in argument["names"] if name["kind"] == "long"]
    return "\\-" + escaped(names[0])


def verbs(path, command):
    children = [child for child in command.get("subcommands", [])
                if child["commandName"] != "help" and child.get("shouldDisplay", True)]
    if not children:
        return []
    lines = [".Sh VERBS", ".Bl -tag -width Ds"]
    for child in children:
        lines += [f".It Xr {'-'.join(path + [child['commandName']])} 1",
                  *sentences(child["abstract"])]
    return lines + [".El"]


def listed(command, kind, heading):
    arguments = [argument for argument in shown(command)
                 if (argument["kind"] == "positional") == (kind == "positional")]
    if not arguments:
        return []
    lines = [f".Sh {heading}", ".Bl -tag -width Ds"]
    for argument in arguments:
        lines.append(".It " + usage({**argument, "isOptional": False}).removeprefix("."))
        text = " ".join((argument.get("abstract") or "").split())
        more = argument.get("discussion")
        if more:
            text += " " + " ".join(more.split())
        values = argument.get("allValueStrings") or argument.get("allValues")
        if values:
            text += f" Values: {', '.join(values)}."
        if argument.get("defaultValue"):
            text += f" Default: {argument['defaultValue']}."
        lines += sentences(text)
    return lines + [".El"]


def tagged(heading, rows, macro):
    lines = [f".Sh {heading}", ".Bl -tag -width Ds"]
    for tag, text in rows:
        lines += [f".It {macro}{tag}", *sentences(text)]
    return lines + [".El"]


def see_also(path, command):
    names = ["-".join(path[:-1])] if len(path) > 1 else []
    names += ["-".join(path + [child["commandName"]]) for child in command.get("subcommands", [])
              if child["commandName"] != "help" and child.get("shouldDisplay", True)]
    references = sorted(set(names))
    return [".Sh SEE ALSO"] + [f".Xr {name} 1" + (" ," if name != references[-1] else "")
                               for name in references]


def paragraphs(text):
    lines = []
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            lines += ([".Pp"] if lines else []) + sentences(" ".join(paragraph.split()))
    return lines


def sentences(text):
    """A text with each sentence on a line of its own, as mdoc wants it."""
    words = escaped(text).split()
    lines, line = [], []
    for word in words:
        line.append(word)
        if word[-1] in ".?!" and len(word) > 2:
            lines.append(" ".join(line))
            line = []
    if line:
        lines.append(" ".join(line))
    return [guarded(line) for line in lines]


def literal(line):
    return guarded(escaped(line))


def guarded(line):
    """A line that does not begin with what roff takes for a request."""
    return "\\&" + line if line[:1] in (".", "'") else line


def escaped(text):
    return text.replace("\\", "\\e").replace("-", "\\-")


if __name__ == "__main__":
    main()
