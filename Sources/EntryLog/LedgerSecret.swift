// SPDX-License-Identifier: Apache-2.0

/// The 32 random bytes from which a ledger's salts are made.
///
/// It travels with a full export or backup, never with what is published: whoever knows it can
/// guess at sections that were not disclosed. Its descriptions show nothing of it.
public struct LedgerSecret: Sendable, Equatable {
    /// As four little-endian words.
    let words: (UInt64, UInt64, UInt64, UInt64)

    /// How many bytes it has.
    public static let byteCount = 32

    /// Makes a secret from 32 bytes of a cryptographic random generator, or `nil` if there are not
    /// exactly 32.
    public init?(randomBytes: [UInt8]) {
        guard let value = LedgerHash(randomBytes) else { return nil }
        words = value.words
    }

    /// The bytes, for a store or a full backup.
    public var bytes: [UInt8] { LedgerHash(words: words).bytes }

    /// Whether two secrets are the same.
    ///
    /// Not made for comparing a guess with a secret: its time depends on the values.
    public static func == (left: LedgerSecret, right: LedgerSecret) -> Bool {
        left.words == right.words
    }
}

extension LedgerSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always the same words.
    public var description: String { "LedgerSecret (hidden)" }
    /// Always the same words.
    public var debugDescription: String { description }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
