#!/usr/bin/env python3
"""Check that the command output shown in the documentation is true.

A fenced block with the info string `console` holds commands and what they print:

    ```console
    $ headroom rulebook list
    diffusion-2025-brief
    ...
    ```

* A line that starts with `$ ` is a command, the lines after it are what it prints on standard
  output and standard error together. A command goes on after a line that ends in `\\`, and in
  lines that start with `> ` right after it (a here-document, say).
* The expected output is compared exactly. A line `...` stands for any number of lines.
* A command that pipes its standard output and shows lines of standard error beside it is refused:
  their order would be a matter of luck.
* A comment `<!-- not run: reason -->` before the block keeps it from being run.

All blocks of one file run in order in one shell, which starts in a temporary copy of the
repository's files: `cd`, variables, files and `$?` last from block to block, and nothing that a
block writes reaches the repository. Findings make the exit status 1.
"""
import argparse
import dataclasses
import difflib
import os
import pathlib
import re
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile

_FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,})(?P<info>.*)$")
_NOT_RUN = re.compile(r"^\s*<!--\s*not run:\s*(?P<reason>.*?)\s*-->\s*$")
_SCRATCH = re.compile(r"(^|/)\.(git|build[^/]*|swiftpm)(/|$)")


class Malformed(Exception):
    """A block that can not be read, or output that can not be shown in one."""


@dataclasses.dataclass
class Command:
    """One command of a block; its expected output is lines[first:end] of the file."""
    text: str
    line: int
    first: int
    end: int
    indent: int
    expected: list


def main():
    arguments = parse_arguments()
    root = pathlib.Path(arguments.root).resolve()
    paths = [pathlib.Path(file).resolve() for file in arguments.files] or documents(root)
    try:
        commands = {path: read_commands(path) for path in paths}
    except Malformed as fault:
        sys.exit(f"docs: {fault}")
    commands = {path: found for path, found in commands.items() if found}
    if arguments.count:
        print(sum(map(len, commands.values())))
        return
    wrong = sum(check_file(path, found, root, arguments) for path, found in commands.items())
    total = sum(map(len, commands.values()))
    if wrong and not arguments.update:
        sys.exit(f"docs: {wrong} of {total} commands print something else than the docs show; "
                 "`scripts/docs --update` writes what they print")
    verb = f"{wrong} rewritten" if arguments.update else "all print what the docs show"
    print(f"docs: {total} commands in {len(commands)} files: {verb}")


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="Markdown files (default: README.md and docs/)")
    parser.add_argument("--root", default=".", help="the repository's folder (default: here)")
    parser.add_argument("--first-on-path", metavar="FOLDER",
                        help="a folder to put first on PATH, such as the one with headroom")
    parser.add_argument("--timeout", type=int, default=600, help="seconds a file may take")
    parser.add_argument("--update", action="store_true",
                        help="write what the commands print into the files")
    parser.add_argument("--count", action="store_true", help="only print how many commands run")
    return parser.parse_args()


def documents(root):
    found = [root / "README.md"] if (root / "README.md").exists() else []
    return found + sorted((root / "docs").rglob("*.md"))


def read_commands(path):
    """The commands of every block of a file that is to be run."""
    lines = path.read_text(encoding="utf-8").splitlines()
    commands = []
    number = 0
    last_text = ""
    while number < len(lines):
        fence = _FENCE.match(lines[number])
        if not fence:
            last_text = lines[number] if lines[number].strip() else last_text
            number += 1
            continue
        end = closing_fence(lines, number, fence["ticks"], path)
        if fence["info"].strip() == "console":
            skipped = _NOT_RUN.match(last_text)
            if skipped and not skipped["reason"]:
                raise Malformed(f"{path}:{number}: `not run` without a reason")
            if not skipped:
                commands += block_commands(path, lines, number, end, len(fence["indent"]))
        last_text = ""
        number = end + 1
    return commands


def closing_fence(lines, start, ticks, path):
    for number in range(start + 1, len(lines)):
        text = lines[number].strip()
        if text.startswith(ticks) and not text.strip("`"):
            return number
    raise Malformed(f"{path}:{start + 1}: a fenced block without an end")


def block_commands(path, lines, start, end, indent):
    inner = [line[indent:] if not line[:indent].strip() else line for line in lines[start + 1:end]]
    offset = start + 1
    commands = []
    number = 0
    while number < len(inner):
        if not inner[number].startswith("$ "):
            raise Malformed(f"{path}:{offset + number + 1}: a block begins with a `$ ` line")
        line = offset + number + 1
        text = [inner[number][2:]]
        number += 1
        while number < len(inner) and (
                text[-1].endswith("\\") or inner[number].startswith("> ") or inner[number] == ">"):
            text.append(re.sub("^> ?", "", inner[number]))
            number += 1
        first = number
        while number < len(inner) and not inner[number].startswith("$ "):
            number += 1
        command = Command("\n".join(text), line, offset + first, offset + number, indent,
                          inner[first:number])
        if has_uncertain_order(command):
            raise Malformed(f"{path}:{line}: standard output goes through a pipe and standard "
                            "error does not, so their order is not certain; write `2>&1 |`")
        commands.append(command)
    return commands


def has_uncertain_order(command):
    """Whether lines on standard error race with others that go through a pipe."""
    pipe = re.search(r"(?<![|>])\|(?!\|)", command.text)
    return (pipe is not None and "2>" not in command.text[:pipe.start()]
            and len(command.expected) > 1
            and any(line.startswith("headroom: ") for line in command.expected))


def check_file(path, commands, root, arguments):
    """How many commands printed something else than the file shows."""
    outputs = run(commands, root, arguments)
    name = path.relative_to(root) if path.is_relative_to(root) else path
    wrong = []
    for command, (output, status) in zip(commands, outputs):
        if status is None:
            sys.exit(f"{name}:{command.line}: the shell ended or ran out of its "
                     f"{arguments.timeout} s in: {command.text}\n" + "\n".join(output))
        if not matches(command.expected, output):
            wrong.append((command, output))
            if not arguments.update:
                show_difference(name, command, output, status)
    if wrong and arguments.update:
        rewrite(path, wrong)
        print(f"{name}: {len(wrong)} of {len(commands)} outputs rewritten")
    elif not wrong:
        print(f"{name}: {len(commands)} commands")
    return len(wrong)


def run(commands, root, arguments):
    """What each command printed, as lines, and its exit status (`None` if the shell went away)."""
    marker = "end-" + secrets.token_hex(16)
    script = ["exec </dev/null 2>&1", "(exit 0)"]
    for command in commands:
        script.append(f"eval {shlex.quote(command.text)}")
        # The status has to outlive the marker: the next command may be `echo $?`.
        script.append(f"__status=$?; printf '\\n{marker} %d\\n' $__status; (exit $__status)")
    with tempfile.TemporaryDirectory(prefix="headroom-docs-") as folder:
        work = pathlib.Path(folder) / "headroom"
        copy_repository(root, work)
        printed = pathlib.Path(folder) / "printed"
        driver = pathlib.Path(folder) / "driver"
        driver.write_text("\n".join(script) + "\n", encoding="utf-8")
        with printed.open("wb") as file:
            try:
                subprocess.run(["bash", "--noprofile", "--norc", str(driver)], cwd=work,
                               env=environment(folder, arguments.first_on_path), stdout=file,
                               timeout=arguments.timeout, check=False)
            except subprocess.TimeoutExpired:
                pass  # The missing marker tells which command it was.
        text = printed.read_text(encoding="utf-8", errors="backslashreplace")
    outputs = []
    for _ in commands:
        end = re.search(rf"\n{marker} (\d+)\n", text)
        output = text[:end.start()] if end else text
        outputs.append((output.removesuffix("\n").split("\n") if output else [],
                        int(end[1]) if end else None))
        text = text[end.end():] if end else ""
    return outputs


def environment(home, first_on_path):
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    if first_on_path:
        kept["PATH"] = f"{pathlib.Path(first_on_path).resolve()}:{kept['PATH']}"
    return kept | {"HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC", "COLUMNS": "100",
                   "NO_COLOR": "1", "TERM": "dumb"}


def copy_repository(root, work):
    """Copies what git would carry, changes included, or all but build folders without git."""
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, check=False)
    if listed.returncode == 0:
        names = [os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]
    else:
        names = [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]
    work.mkdir()
    for name in names:
        source = root / name
        if source.is_file() and not _SCRATCH.search(name):
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, work / name)


def matches(expected, output):
    """Whether the output is as expected, where a line `...` stands for any lines."""
    parts = [[]]
    for line in expected:
        if line == "...":
            parts.append([])
        else:
            parts[-1].append(line)
    if len(parts) == 1:
        return parts[0] == output
    first, *middle, last = parts
    end = len(output) - len(last)
    position = len(first)
    if end < position or output[:position] != first or output[end:] != last:
        return False
    for part in middle:
        starts = range(position, end - len(part) + 1)
        found = next((s for s in starts if output[s:s + len(part)] == part), None)
        if found is None:
            return False
        position = found + len(part)
    return True


def show_difference(name, command, output, status):
    print(f"{name}:{command.line}: $ {command.text}")
    print(f"  prints something else than shown (exit status {status}):")
    for line in difflib.unified_diff(command.expected, output, "shown", "printed", lineterm=""):
        print(f"    {line}")


def rewrite(path, wrong):
    lines = path.read_text(encoding="utf-8").splitlines()
    for command, output in reversed(wrong):
        for line in output:
            if line.startswith(("$ ", "```")) or (line == output[0] and line.startswith(">")):
                raise SystemExit(f"{path}:{command.line}: prints a line that a block can not show: "
                                 f"{line}")
        indent = " " * command.indent
        lines[command.first:command.end] = [(indent + line).rstrip(" ") if not line else
                                            indent + line for line in output]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
