// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Peers

/// Shows what the other databases are given, word for word.
struct StatementsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statements",
        abstract: "Show the SQL and Lua that the peers are given, as Markdown."
    )

    func run() throws {
        for statement in PeerStatement.all { print(statement.markdown) }
    }
}
