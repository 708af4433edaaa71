// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// What became of an operation, as far as the index remembers it: 4 bits, in this order for ever.
///
/// A later operation that names a hold which is no longer kept in memory is told by it whether
/// there ever was one.
package enum OperationClass: UInt8, Sendable {
    case other = 0
    case refusedReservation = 1
    case grantedReservation = 2
}

/// One operation of the index: five words in memory and on disk.
struct IndexedOperation: Hashable, Sendable {
    let name: Hash128
    let content: Hash128
    /// The entry's number plus one, then 4 bits of class; 0 where there is no operation.
    let mark: UInt64

    static let none = IndexedOperation(Hash128(low: 0, high: 0), Hash128(low: 0, high: 0), 0)
    static let wordCount = 5

    init(name: Hash128, number: EntryNumber, content: Hash128, kind: OperationClass) {
        precondition(number.rawValue < 1 << 59, "an entry's number leaves room for the class")
        self.name = name
        self.content = content
        mark = (number.rawValue + 1) << 4 | UInt64(kind.rawValue)
    }

    private init(_ name: Hash128, _ content: Hash128, _ mark: UInt64) {
        self.name = name
        self.content = content
        self.mark = mark
    }

    /// An operation from its words; `nil` if the mark is none.
    init?(name: Hash128, content: Hash128, checking mark: UInt64) {
        guard mark >> 4 > 0, OperationClass(rawValue: UInt8(mark & 15)) != nil else { return nil }
        self.init(name, content, mark)
    }

    var isNone: Bool { mark == 0 }

    var number: EntryNumber { EntryNumber(rawValue: (mark >> 4) - 1) }

    var kind: OperationClass { OperationClass(rawValue: UInt8(mark & 15)) ?? .other }

    /// A checksum that can be added up in any order: equal sums, equal sets of operations.
    var digest: UInt64 {
        nameDigest
            ^ Self.fold(content.low ^ 0xc2b2_ae3d_27d4_eb4f, content.high ^ mark.byteSwapped)
    }

    /// The same of the name, the entry and the class alone.
    var nameDigest: UInt64 { Self.fold(name.low ^ 0x9e37_79b9_7f4a_7c15, name.high ^ mark) }

    /// Both halves of the product, so that every bit of one counts for many of the result.
    private static func fold(_ first: UInt64, _ second: UInt64) -> UInt64 {
        let product = first.multipliedFullWidth(by: second)
        return product.low ^ product.high
    }
}
