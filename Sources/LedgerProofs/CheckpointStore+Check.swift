// SPDX-License-Identifier: Apache-2.0
public import EntryLog

extension CheckpointStore {
    /// The heads of a store that are those of a log.
    public struct CheckedHeads: Sendable {
        /// How many there are.
        public var count = 0
        /// The newest; `nil` if none is stored.
        public var newest: SignedCheckpoint?
    }

    /// Compares stored heads with a log, and checks who signed them.
    ///
    /// - Parameters:
    ///   - sizes: The heads' sizes, in order, asked for before the log was looked at: it grows.
    ///   - trust: Whose signatures are believed.
    ///   - logSize: How many entries the log has.
    ///   - root: The root of the tree over the log's first entries; asked in rising order.
    /// - Returns: How many heads there are, and the newest.
    /// - Throws: What ``checkpoint(at:)`` throws of a head that was altered,
    ///   ``KeepingError/malformed(path:_:)`` of one that nobody signed who is believed,
    ///   ``KeepingError/shorterLog(size:signed:)`` or ``KeepingError/otherRoot(size:signed:found:)``
    ///   of one that is not the log's.
    public func check(
        _ sizes: [UInt64],
        trusting trust: inout HeadTrust,
        logSize: UInt64,
        root: (UInt64) throws(EntryLogError) -> LedgerHash
    ) throws(KeepingError) -> CheckedHeads {
        var checked = CheckedHeads()
        for size in sizes {
            guard let signed = try checkpoint(at: size) else { continue }
            let file = "\(path)/\(size)"
            guard try trust.believes(signed, storedAt: file) else {
                throw .malformed(
                    path: file,
                    .notSigned(expected: "a key that was named, or that one of them vouches for")
                )
            }
            guard size <= logSize else { throw .shorterLog(size: logSize, signed: size) }
            let found: LedgerHash
            do throws(EntryLogError) {
                found = try root(size)
            } catch {
                throw .log(error)
            }
            guard found == signed.checkpoint.root else {
                throw .otherRoot(size: size, signed: signed.checkpoint.root, found: found)
            }
            checked.count += 1
            checked.newest = signed
        }
        return checked
    }
}
