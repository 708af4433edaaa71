// SPDX-License-Identifier: Apache-2.0

/// The keys of an object that is an order, as a file calls them.
struct OrderKeys: Sendable {
    /// What a key stands for.
    enum Field: String, Sendable, CaseIterable {
        case id
        case consignee
        case destination
        case endUse = "end_use"
        case device
        case quantity
        case tpp
        case h100e
        case time
        case deadline
        case reference
        case exporter
        case person
        case upTo = "up_to"
        case lines
        case kind
        /// A key that is passed over.
        case nothing = ""
    }

    /// A key that is known.
    struct Key: Sendable {
        let name: [UInt8]
        let field: Field
        /// Where it is noted that the field was given: two names of one field share it.
        let slot: Int
    }

    private let keys: [Key]
    /// Which key came at each place of the order before: files repeat themselves.
    private var guesses: [Int] = []

    /// How many places there are for ``Key/slot``.
    let slotCount: Int

    init(_ mapping: OrderMapping) {
        var keys: [Key] = []
        var slotCount = Field.allCases.count
        for pair in mapping.pairs {
            let field = pair.field.flatMap(Field.init) ?? .nothing
            let slot = field == .nothing ? slotCount : OrderKeys.slot(of: field)
            if field == .nothing { slotCount += 1 }
            keys.append(Key(name: Array(pair.name.utf8), field: field, slot: slot))
        }
        for field in Field.allCases where field != .nothing {
            // A name that the mapping gives to another field does not stand for itself.
            guard !mapping.pairs.contains(where: { $0.name == field.rawValue }) else { continue }
            let name = Array(field.rawValue.utf8)
            keys.append(Key(name: name, field: field, slot: OrderKeys.slot(of: field)))
        }
        self.keys = keys
        self.slotCount = slotCount
    }

    private static func slot(of field: Field) -> Int {
        Field.allCases.firstIndex(of: field) ?? 0
    }

    /// The key that some bytes spell, which is the one at a place among the keys of its object.
    @inline(__always)
    mutating func find(_ bytes: [UInt8], _ range: Range<Int>, place: Int) -> Key? {
        if place < guesses.count, spells(bytes, range, keys[guesses[place]].name) {
            return keys[guesses[place]]
        }
        guard let index = keys.firstIndex(where: { spells(bytes, range, $0.name) }) else {
            return nil
        }
        if place < guesses.count {
            guesses[place] = index
        } else if place == guesses.count {
            guesses.append(index)
        }
        return keys[index]
    }
}

/// Whether some bytes are those of a name.
@inline(__always)
func spells(_ bytes: [UInt8], _ range: Range<Int>, _ name: [UInt8]) -> Bool {
    guard range.count == name.count else { return false }
    let text = bytes.span.extracting(range)
    for index in name.indices where text[index] != name[index] { return false }
    return true
}
