// SPDX-License-Identifier: Apache-2.0

/// SQL or Lua that a peer is given, word for word.
public struct PeerStatement: Sendable {
    /// What it is.
    public let title: String
    /// `sql` or `lua`.
    public let language: String
    /// The text.
    public let text: String

    /// Everything that peers are given, in the order of the documentation.
    public static let all = [
        PeerStatement(title: "SQLite: tables", language: "sql", text: SQLitePeer.schema),
        PeerStatement(
            title: "SQLite: settings",
            language: "sql",
            text: SQLitePeer.settings.map { "PRAGMA \($0);" }.joined(separator: "\n")
        ),
        PeerStatement(
            title: "SQLite: whether all three limits hold",
            language: "sql",
            text: SQLitePeer.testAll
        ),
        PeerStatement(
            title: "SQLite: then each of the three is charged",
            language: "sql",
            text: SQLitePeer.charge
        ),
        PeerStatement(
            title: "SQLite: the first limit that holds, asked of one after the other",
            language: "sql",
            text: SQLitePeer.chargeOne
        ),
        PeerStatement(title: "SQLite: the record", language: "sql", text: SQLitePeer.record),
        PeerStatement(title: "PostgreSQL: tables", language: "sql", text: PostgreSQLText.tables),
        PeerStatement(
            title: "PostgreSQL: a claim, all three limits",
            language: "sql",
            text: PostgreSQLText.reserveAll
        ),
        PeerStatement(
            title: "PostgreSQL: a claim, the first limit that holds",
            language: "sql",
            text: PostgreSQLText.reserveFirst
        ),
        PeerStatement(
            title: "PostgreSQL: a batch by arrays, all three limits",
            language: "sql",
            text: PostgreSQLText.reserveBatchAll
        ),
        PeerStatement(
            title: "PostgreSQL: a batch by arrays, the first limit that holds",
            language: "sql",
            text: PostgreSQLText.reserveBatchFirst
        ),
        PeerStatement(
            title: "PostgreSQL: a batch by window sums, all three limits",
            language: "sql",
            text: PostgreSQLText.reserveBatchWindows
        ),
        PeerStatement(
            title: "Redis: a claim, all three limits",
            language: "lua",
            text: RedisPeer.scriptForAll
        ),
        PeerStatement(
            title: "Redis: a claim, the first limit that holds",
            language: "lua",
            text: RedisPeer.scriptForFirst
        ),
    ]

    /// The statement under its title.
    public var markdown: String {
        "### \(title)\n\n```\(language)\n\(text)\n```\n"
    }
}
