// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    @Suite("Completions") struct CompletionTests {
        private let headroom: Headroom

        init() throws { headroom = try Headroom() }

        private static func isInstalled(_ shell: String) -> Bool {
            ["/bin/", "/usr/bin/", "/usr/local/bin/"]
                .contains { FileManager.default.isExecutableFile(atPath: $0 + shell) }
        }

        /// Writes a shell's script to a file.
        private func script(_ shell: String) throws -> URL {
            let text =
                try shell == "bash"
                ? Self.bash.get() : headroom.expect(0, "completions", shell).output
            return try headroom.write("headroom.\(shell)", text)
        }

        /// The script of bash; a program that is not optimized takes seconds to make it.
        private static let bash = Result { try Headroom().expect(0, "completions", "bash").output }

        /// What bash offers for the last of some words.
        private func offered(_ words: String...) throws -> [String] {
            let shell = """
                PATH=${1%/*}:$PATH; source "$2"; shift 2
                handler=$(complete -p headroom | sed 's/.*-F \\([^ ]*\\).*/\\1/')
                COMP_WORDS=(headroom "$@") COMP_CWORD=$# COMP_LINE="headroom $*"
                COMP_POINT=${#COMP_LINE} COMP_TYPE=9
                "$handler" headroom "${@: -1}" "${COMP_WORDS[COMP_CWORD - 1]}"
                printf '%s\\n' "${COMPREPLY[@]}"
                """
            let run = try headroom.start(
                [try script("bash").path] + words,
                through: ["bash", "-c", shell, "bash"]
            ).end()
            return run.output.split(separator: "\n").map(String.init)
        }

        @Test func bashCompletesVerbsOptionsAndValues() throws {
            #expect(try offered("impo") == ["import"])
            #expect(try offered("party", "l") == ["list"])
            #expect(try offered("caps", "--thr") == ["--through"])
            #expect(try offered("caps", "--format", "") == ["table", "csv", "json", "html"])
            #expect(try offered("tick", "--role", "a") == ["auditor"])
        }

        @Test func bashCompletesNamesThatTheProgramKnows() throws {
            try headroom.makeLedger()
            #expect(try offered("party", "show", "AC") == ["ACME", "ACME-AE"])
            #expect(try offered("check", "--destination", "FR") == ["FR"])
            #expect(try offered("check", "--device", "GB3") == ["GB300"])
            #expect(try offered("rulebook", "show", "diffusion-2025-c") == ["diffusion-2025-cfr"])
        }

        @Test func bashCompletesFilesAndFolders() throws {
            _ = try headroom.write("orders.csv", "")
            #expect(try offered("import", "ord") == ["orders.csv"])
            try headroom.makeLedger()
            #expect(try offered("caps", "--ledger", "led") == ["ledger"])
        }

        @Test func partiesOfNoLedgerAreNoneAndNoError() throws {
            #expect(try offered("party", "show", "AC") == [])
        }

        @Test(arguments: ["bash", "zsh", "fish"].filter(isInstalled))
        func scriptsAreWellFormed(shell: String) throws {
            let checked = try headroom.start(
                [try script(shell).path],
                through: ["bash", "-c", "exec \(shell) -n \"$2\"", "bash"]
            ).end()
            #expect(checked.status == 0)
            #expect(checked.errors.isEmpty, "\(checked.errors)")
        }

        @Test(.enabled(if: isInstalled("fish")))
        func fishCompletesAVerb() throws {
            let shell =
                "HOME=$PWD PATH=${1%/*}:$PATH exec fish -N -c "
                + "\"source $2; complete -C 'headroom impo'\""
            let run = try headroom.start(
                [try script("fish").path],
                through: ["bash", "-c", shell, "bash"]
            ).end()
            #expect(run.output.hasPrefix("import"), "\(run.output)\(run.errors)")
        }

        @Test func anotherShellIsWrongUsage() throws {
            let run = try headroom.expect(2, "completions", "tcsh")
            #expect(run.errors.contains("'bash', 'zsh' or 'fish'"))
        }
    }
#endif
