// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser

    /// `headroom completions`.
    struct CompletionsCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "completions",
            abstract: "Print a script with which a shell completes verbs, options and names.",
            discussion: """
                Verbs, options, files and words come from the script. For parties, countries, \
                devices and rulebooks the shell asks the program.

                Examples:
                  headroom completions bash > ~/.local/share/bash-completion/completions/headroom
                  headroom completions zsh > ~/.zfunc/_headroom   # a folder of $fpath
                  headroom completions fish > ~/.config/fish/completions/headroom.fish
                """
        )

        /// A shell.
        enum Shell: String, ExpressibleByArgument, CaseIterable {
            case bash
            case zsh
            case fish
        }

        @Argument(help: "For which shell.")
        var shell: Shell

        func perform() throws -> ExitStatus {
            let kind: CompletionShell =
                switch shell {
                case .bash: .bash
                case .zsh: .zsh
                case .fish: .fish
                }
            try Output.writeLine(HeadroomCommand.completionScript(for: kind))
            return .done
        }
    }
#endif
