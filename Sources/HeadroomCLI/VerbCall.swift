// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser

    /// The verbs with which the program was called, whether or not there are such.
    struct VerbCall {
        /// The verbs that there are, from the left.
        private(set) var known: [String] = []
        /// The first that there is not, with those before it.
        private(set) var unknown: String?
        /// What may have been meant.
        private(set) var guess: String?
        /// A verb that comes behind options, where it is not looked for.
        private(set) var late: String?

        /// Reads the verbs in front of the first option; of a call for help those that it is about.
        init(_ arguments: [String]) {
            let arguments = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
            var command: any ParsableCommand.Type = HeadroomCommand.self
            if arguments.first?.hasPrefix("-") ?? false {
                let verbs = Set(command.configuration.subcommands.map { $0._commandName })
                late = arguments.first(where: verbs.contains)
            }
            for word in arguments.prefix(while: { !$0.hasPrefix("-") }) {
                let verbs = command.configuration.subcommands
                // What follows are the verb's own arguments.
                if verbs.isEmpty { return }
                if let verb = verbs.first(where: { $0._commandName == word }) {
                    known.append(word)
                    command = verb
                    continue
                }
                unknown = (known + [word]).joined(separator: " ")
                guess = Suggestions.closest(to: word, in: verbs.map { $0._commandName })
                    .map { (known + [$0]).joined(separator: " ") }
                return
            }
        }
    }
#endif
