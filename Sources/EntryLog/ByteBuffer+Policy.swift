// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// Policies and what they want two people for, as bytes.
extension ByteBuffer {
    /// For each role, in the order of their numbers, what it may do; then what needs two people.
    mutating func append(_ policy: LedgerPolicy) throws(EntryLogError) {
        // Its initialiser leaves out what no policy may hold; its fields can be set to anything.
        guard
            policy
                == LedgerPolicy(permissions: policy.permissions, twoPeople: policy.twoPeople)
        else {
            throw .notEncodable(what: "the policy names what can not be permitted or proposed")
        }
        for role in Role.allCases { append(policy.permissions[role, default: []]) }
        append(policy.twoPeople)
    }

    /// A bit for each kind, that of its number.
    private mutating func append(_ kinds: Set<ActionKind>) {
        append(kinds.reduce(UInt32(0)) { $0 | 1 << UInt32($1.rawValue) })
    }

    mutating func append(
        _ proposal: Proposal,
        _ place: TextPlace
    ) throws(EntryLogError) {
        let kind = EntryKind(of: proposal.action)
        guard EntryKind.proposable.contains(kind) else {
            throw .notEncodable(what: "the operation can not be proposed")
        }
        try append(proposal.action, kind, text: place)
    }
}

/// The same, read back.
extension ByteReader {
    @_lifetime(self: copy self)
    mutating func policy() throws(EntryLogError) -> LedgerPolicy {
        var permissions: [Role: Set<ActionKind>] = [:]
        for role in Role.allCases {
            let kinds = try kinds(of: ActionKind.permissible, "permissions")
            if !kinds.isEmpty { permissions[role] = kinds }
        }
        return LedgerPolicy(
            permissions: permissions,
            twoPeople: try kinds(of: ActionKind.proposable, "kinds that need two people")
        )
    }

    @_lifetime(self: copy self)
    private mutating func kinds(
        of allowed: Set<ActionKind>,
        _ field: StaticString
    ) throws(EntryLogError) -> Set<ActionKind> {
        let bits: UInt32 = try number(field)
        let kinds = allowed.filter { bits & 1 << UInt32($0.rawValue) != 0 }
        guard bits.nonzeroBitCount == kinds.count else {
            throw malformed("the \(field) name what can not be among them")
        }
        return kinds
    }

    /// An operation within a proposal; its kind is looked at first, so that none nests deeper.
    @_lifetime(self: copy self)
    mutating func proposal() throws(EntryLogError) -> Proposal {
        let kind: EntryKind = try member("kind of the operation proposed")
        guard EntryKind.proposable.contains(kind) else {
            throw malformed("the operation can not be proposed")
        }
        return Proposal(action: try action(of: kind))
    }
}
