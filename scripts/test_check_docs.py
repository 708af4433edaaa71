"""The checker of the documentation runs what is shown and finds what is not true."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import check_docs

SCRIPT = pathlib.Path(check_docs.__file__).resolve()


def block(*lines):
    return "\n".join(["```console", *lines, "```"]) + "\n"


class CheckDocsTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def check(self, text, *options):
        (self.root / "README.md").write_text(text, encoding="utf-8")
        return subprocess.run(
            [sys.executable, str(SCRIPT), "--root", str(self.root), *options],
            capture_output=True, text=True, check=False)

    def assertTrue_(self, text, *options):
        result = self.check(text, *options)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result

    def assertFalse_(self, text, *options):
        result = self.check(text, *options)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        return result

    def test_true_output_passes_and_false_output_is_shown(self):
        self.assertTrue_(block("$ echo one; echo two >&2", "one", "two"))
        result = self.assertFalse_("Text\n\n" + block("$ echo one", "eins"))
        self.assertIn("README.md:4: $ echo one", result.stdout)
        self.assertIn("-eins", result.stdout)
        self.assertIn("+one", result.stdout)

    def test_output_too_much_and_too_little_is_found(self):
        self.assertFalse_(block("$ printf 'a\\nb\\n'", "a"))
        self.assertFalse_(block("$ echo a", "a", "b"))
        self.assertFalse_(block("$ echo a"))
        self.assertFalse_(block("$ true", "a"))
        self.assertFalse_(block("$ echo 'a '", "a"))

    def test_output_without_a_last_newline_and_blank_lines_are_kept(self):
        self.assertTrue_(block("$ printf a", "a", "$ printf 'a\\n\\nb\\n'", "a", "", "b", "$ echo", ""))

    def test_blocks_of_a_file_share_one_shell(self):
        self.assertTrue_(block("$ mkdir d; cd d; x=1; echo a > f") + "\nText\n\n" + block(
            "$ cat f; echo $x", "a", "1", "$ basename $PWD", "d"))

    def test_the_exit_status_can_be_asked_for(self):
        self.assertTrue_(block("$ (exit 3)", "$ echo $?", "3", "$ echo $?", "0"))

    def test_a_syntax_error_does_not_end_the_session(self):
        self.assertTrue_(block("$ )", "...", "$ echo a", "a"))

    def test_an_ended_shell_is_told(self):
        result = self.assertFalse_(block("$ echo a", "a", "$ exit 0", "$ echo b", "b"))
        self.assertIn("README.md:4: the shell ended", result.stderr)

    def test_a_command_that_hangs_is_told(self):
        result = self.assertFalse_(block("$ sleep 60"), "--timeout", "1")
        self.assertIn("README.md:2: the shell ended or ran out of its 1 s", result.stderr)

    def test_commands_read_nothing_from_the_session(self):
        self.assertTrue_(block("$ cat", "$ echo a", "a"))

    def test_commands_of_several_lines_run(self):
        self.assertTrue_(block("$ echo a \\", "    b", "a b"))
        self.assertTrue_(block("$ cat <<'END'", "> a", ">", "> $x", "> END", "a", "", "$x"))

    def test_the_files_of_the_repository_are_there_and_stay_as_they_are(self):
        (self.root / "docs").mkdir()
        (self.root / "docs/data.csv").write_text("a\n", encoding="utf-8")
        self.assertTrue_(block("$ cat docs/data.csv; echo b > docs/data.csv; touch new", "a"))
        self.assertEqual((self.root / "docs/data.csv").read_text(encoding="utf-8"), "a\n")
        self.assertFalse((self.root / "new").exists())

    def test_the_environment_is_stable(self):
        self.assertTrue_(block("$ echo $LC_ALL $TZ $COLUMNS $NO_COLOR", "C.UTF-8 UTC 100 1",
                               "$ env | grep -c HEADROOM_", "0"))

    def test_the_given_folder_is_first_on_the_path(self):
        tool = self.root / "bin" / "headroom"
        tool.parent.mkdir()
        tool.write_text("#!/bin/sh\necho built\n", encoding="utf-8")
        tool.chmod(0o755)
        self.assertTrue_(block("$ headroom", "built"), "--first-on-path", str(tool.parent))

    def test_a_block_marked_as_not_run_is_not_run(self):
        self.assertTrue_("<!-- not run: needs the network -->\n\n" + block("$ exit 1", "x"))
        self.assertFalse_("<!-- not run: one only -->\n" + block("$ false", "x") + block("$ true", "x"))
        self.assertFalse_("<!-- not run: -->\n" + block("$ true"))

    def test_other_blocks_are_left_alone(self):
        self.assertTrue_("```\n$ false\nx\n```\n\n````text\n```console\n$ false\nx\n```\n````\n")
        self.assertEqual(self.check("```sh\nfalse\n```\n", "--count").stdout, "0\n")

    def test_a_block_that_can_not_be_read_is_told(self):
        self.assertFalse_(block("echo a"))
        self.assertFalse_("```console\n$ true\n")

    def test_output_whose_order_is_luck_is_refused(self):
        shown = ["one", "headroom: note: two"]
        both = "(echo one; echo headroom: note: two >&2)"
        refused = self.assertFalse_(block(f"$ {both} | head -1", *shown))
        self.assertIn("order is not certain", refused.stderr)
        self.assertTrue_(block(f"$ {both} 2>&1 | head -2", *shown))
        self.assertTrue_(block(f"$ {both} || echo three", *shown))

    def test_indented_blocks_are_run(self):
        self.assertTrue_("1. Do\n\n   ```console\n   $ printf 'a\\n  b\\n'\n   a\n     b\n   ```\n")

    def test_update_writes_true_output_and_keeps_what_holds(self):
        before = ("# A\n\n" + block("$ seq 5", "1", "...", "5", "$ echo a", "b", "c")
                  + "\n- b\n\n  ```console\n  $ printf 'x\\n\\ny\\n'\n  ```\nEnd\n")
        self.assertTrue_(before, "--update")
        after = (self.root / "README.md").read_text(encoding="utf-8")
        self.assertEqual(after, "# A\n\n" + block("$ seq 5", "1", "...", "5", "$ echo a", "a")
                         + "\n- b\n\n  ```console\n  $ printf 'x\\n\\ny\\n'\n  x\n\n  y\n  ```\nEnd\n")
        self.assertTrue_(after)

    def test_update_refuses_output_that_a_block_can_not_show(self):
        text = block("$ echo '$ a'")
        self.assertFalse_(text, "--update")
        self.assertEqual((self.root / "README.md").read_text(encoding="utf-8"), text)


class MatchTests(unittest.TestCase):
    def test_dots_stand_for_any_lines(self):
        for expected, output, same in [
            ("...", "", True), ("...", "a b", True), ("a ...", "a", True), ("a ...", "b a", False),
            ("... a", "b a", True), ("a ... b", "a b", True), ("a ... b", "a c d b", True),
            ("a ... a", "a", False), ("... a ...", "b a c", True), ("... a ...", "b c", False),
            ("... a b ... b", "a a b b", True), ("... a b ... b", "a a b", False),
            ("a", "a b", False), ("", "", True), ("", "a", False),
        ]:
            with self.subTest(f"{expected!r} against {output!r}"):
                self.assertEqual(check_docs.matches(expected.split(), output.split()), same)


if __name__ == "__main__":
    unittest.main()
