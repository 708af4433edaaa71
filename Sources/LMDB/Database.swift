// SPDX-License-Identifier: Apache-2.0

/// One sorted map from keys of one type to bytes, in an environment.
///
/// A value of this type is a name for it: cheap to copy, usable from any thread, in transactions of
/// the environment that opened it (in those of another one it traps).
public struct Database<Key: DatabaseKey>: Sendable {
    /// Its name, or `nil` for the environment's main database.
    public let name: String?
    /// LMDB's handle, and the serial number of the environment it belongs to.
    let handle: UInt32
    let environment: UInt64
}

/// How a value is put.
public struct PutOptions: OptionSet, Sendable {
    /// The options as bits, which are not the flags of LMDB.
    public let rawValue: UInt32
    /// Options from their bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Fails with `isKeyExists` where the key is there already.
    public static let noOverwrite = PutOptions(rawValue: 1 << 0)
    /// The key is greater than all that are there, else it fails with `isKeyExists`.
    ///
    /// Faster, and fills pages completely.
    public static let append = PutOptions(rawValue: 1 << 1)
}

/// Which way a scan goes.
public enum ScanDirection: Sendable {
    /// From the smallest key that is not less than the start.
    case ascending
    /// From the greatest key that is not greater than the start.
    case descending
}

/// What a scan does after a visit.
public enum ScanStep: Sendable {
    case next
    case stop
}
