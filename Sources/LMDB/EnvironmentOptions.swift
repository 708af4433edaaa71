// SPDX-License-Identifier: Apache-2.0

/// How an environment is opened.
public struct EnvironmentOptions: Sendable, Equatable {
    /// What may be done with it.
    public enum Access: Sendable {
        /// Look only.
        ///
        /// Works beside a writer, and without permission to write (see `Environment`).
        case readOnly
        /// Look and write.
        ///
        /// One process at a time.
        case readWrite
    }

    /// When a commit returns.
    public enum Synchronization: Sendable {
        /// After the disk has confirmed it.
        case full
        /// At once: a crash of the machine can lose or damage everything.
        ///
        /// For benchmarks only.
        case none
    }

    /// What may be done with it.
    public var access: Access
    /// The greatest size the data can reach, in bytes, rounded up to whole memory pages.
    ///
    /// It is address space, not memory or disk.
    public var mapByteCount: Int
    /// How many read transactions can be open at once, over all processes.
    public var maximumReaders: UInt32
    /// How many named databases can be open.
    public var maximumDatabases: UInt32
    /// When a commit returns.
    public var synchronization: Synchronization
    /// Whether `readWrite` makes a new environment where the data file is missing or empty.
    ///
    /// Without, that is `ENOENT`: an existing ledger that has vanished must not come back empty.
    public var createsIfMissing: Bool
    /// Permission bits of the files it makes, before the process's mask.
    public var fileMode: UInt32

    /// Options with the defaults of a ledger: to read and write, durable, up to 1 TiB.
    public init(
        access: Access = .readWrite,
        mapByteCount: Int = 1 << 40,
        maximumReaders: UInt32 = 512,
        maximumDatabases: UInt32 = 16,
        synchronization: Synchronization = .full,
        createsIfMissing: Bool = true,
        fileMode: UInt32 = 0o640
    ) {
        self.access = access
        self.mapByteCount = mapByteCount
        self.maximumReaders = maximumReaders
        self.maximumDatabases = maximumDatabases
        self.synchronization = synchronization
        self.createsIfMissing = createsIfMissing
        self.fileMode = fileMode
    }
}
