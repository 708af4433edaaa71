// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Measures Headroom beside others that could do the same work.
@main
struct HeadroomPeers: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "headroom-peers",
        abstract: "Measure Headroom beside others that could do the same work.",
        discussion: "scripts/bench peers starts the servers that this needs, and stops them.",
        subcommands: [RunCommand.self, StatementsCommand.self]
    )
}
