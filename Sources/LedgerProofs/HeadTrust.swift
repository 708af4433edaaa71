// SPDX-License-Identifier: Apache-2.0
public import EntryLog

/// Whose signatures under a ledger's stored heads are believed.
///
/// A value of its own; for one thread at a time.
public struct HeadTrust {
    /// Reads what a log says of the rotations of its keys, in order.
    public typealias Rotations = () throws(EntryLogError) -> [RotationStatement]

    /// The keys that are believed; `nil` for those that the ledger lists itself.
    public private(set) var keys: [NoteVerifierKey]?
    /// How to find keys for which those that are believed vouch; `nil` once it was done.
    private var rotations: Rotations?

    /// Believes whom the ledger lists: that finds what was altered, and not who could also write the
    /// list.
    public static var listed: HeadTrust { HeadTrust() }

    private init() {}

    /// Believes keys that somebody has from elsewhere, and those for which they vouch: a statement of
    /// rotation is signed by the key until then and by the new one.
    ///
    /// - Parameters:
    ///   - keys: The keys, at least one.
    ///   - rotations: Reads the log's statements, each of which was checked to be of this log; asked
    ///     once at most, when a head is signed by none of `keys`.
    public init(in keys: [NoteVerifierKey], following rotations: @escaping Rotations) {
        precondition(!keys.isEmpty, "somebody is trusted")
        self.keys = keys
        self.rotations = rotations
    }

    /// Whether one of the keys that are believed signed a head.
    ///
    /// - Parameters:
    ///   - signed: The head, signed by a key that the ledger lists.
    ///   - path: Where it is stored.
    /// - Returns: Whether one of them did.
    /// - Throws: ``KeepingError/log(_:)`` if the log can not be read, and
    ///   ``KeepingError/malformed(path:_:)`` if one of the keys signed something else.
    mutating func believes(
        _ signed: SignedCheckpoint,
        storedAt path: String
    ) throws(KeepingError) -> Bool {
        guard let keys else { return true }
        if try HeadTrust.isSigned(signed, by: keys, path) { return true }
        guard let rotations else { return false }
        self.rotations = nil
        let linked: [NoteVerifierKey]
        do throws(EntryLogError) {
            linked = RotationStatement.keys(linkedTo: keys, by: try rotations())
        } catch {
            throw .log(error)
        }
        self.keys = linked
        return try HeadTrust.isSigned(signed, by: linked, path)
    }

    private static func isSigned(
        _ signed: SignedCheckpoint,
        by keys: [NoteVerifierKey],
        _ path: String
    ) throws(KeepingError) -> Bool {
        do throws(ProofError) {
            let verified = try signed.note.verifiedSignatures(by: keys)
            return !verified.isEmpty
        } catch {
            throw .malformed(path: path, error)
        }
    }
}

extension RotationStatement {
    /// Some keys, with all those that statements lead to from them: from the key until then to the
    /// new one and back, since both signed.
    public static func keys(
        linkedTo keys: [NoteVerifierKey],
        by statements: [RotationStatement]
    ) -> [NoteVerifierKey] {
        var linked = keys
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for statement in statements {
                let pair = [statement.previousKey, statement.newKey]
                guard linked.contains(where: pair.contains) else { continue }
                for key in pair where !linked.contains(key) {
                    linked.append(key)
                    isGrowing = true
                }
            }
        }
        return linked
    }
}
