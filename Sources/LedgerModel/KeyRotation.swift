// SPDX-License-Identifier: Apache-2.0

/// Says that the ledger signs its heads with another key from now on.
///
/// To the ledger the keys and the statement are text. Whoever submits one, and whoever judges a log,
/// checks that both keys signed the statement and that it says the same.
public struct KeyRotation: Hashable, Sendable {
    /// The public key until now, as text (C2SP signed-note).
    public var previousKey: String
    /// The public key from now on.
    public var newKey: String
    /// A note that says so, signed by both keys.
    public var statement: String

    /// The most bytes of UTF-8 that a statement may have.
    public static let maximumStatementByteCount = 2_048

    /// Makes a rotation.
    public init(previousKey: String, newKey: String, statement: String) {
        self.previousKey = previousKey
        self.newKey = newKey
        self.statement = statement
    }

    /// Whether the keys are two texts of a line each and the statement is lines of text.
    public var isWellFormed: Bool {
        previousKey != newKey && isLine(previousKey) && isLine(newKey)
            && (1...KeyRotation.maximumStatementByteCount).contains(statement.utf8.count)
            && statement.unicodeScalars.allSatisfy { $0 == "\n" || isPrintable($0) }
    }

    private func isLine(_ key: String) -> Bool {
        (1...Reservation.maximumTextByteCount).contains(key.utf8.count)
            && key.unicodeScalars.allSatisfy(isPrintable)
    }

    private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && scalar.value != 0x7f && !(0x80...0x9f).contains(scalar.value)
    }
}
