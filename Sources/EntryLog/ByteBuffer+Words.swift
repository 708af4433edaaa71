// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// The ledger's words, one by one, as bytes.
extension ByteBuffer {
    mutating func append(
        _ identifier: some LedgerIdentifier,
        _ field: StaticString
    ) throws(EntryLogError) {
        let text = identifier.text.utf8.span.rawBytes
        guard isIdentifierShape(text) else {
            throw .notEncodable(what: "the \(field) is not \(identifierShape)")
        }
        appendCounted(text)
    }

    mutating func appendOptional(
        _ identifier: (some LedgerIdentifier)?,
        _ field: StaticString
    ) throws(EntryLogError) {
        if let identifier {
            try append(identifier, field)
        } else {
            append(UInt8(0))
        }
    }

    mutating func append(text: String, _ field: StaticString) throws(EntryLogError) {
        let bytes = text.utf8.span.rawBytes
        guard !bytes.isEmpty, bytes.byteCount <= Reservation.maximumTextByteCount else {
            throw .notEncodable(
                what: "the \(field) does not have 1 to \(Reservation.maximumTextByteCount) bytes"
            )
        }
        appendCounted(bytes)
    }

    mutating func appendOptional(
        text: String?,
        _ field: StaticString
    ) throws(EntryLogError) {
        if let text {
            try append(text: text, field)
        } else {
            append(UInt8(0))
        }
    }

    mutating func append(_ country: CountryCode) {
        // The letters in reading order.
        append(country.rawValue.byteSwapped)
    }

    mutating func append(_ day: CivilDate) { append(UInt32(day.daysSince1970)) }

    mutating func append(_ dates: DateRange) {
        append(dates.from)
        append(dates.until.map { UInt32($0.daysSince1970) } ?? UInt32.max)
    }

    mutating func append(_ time: LedgerTime) { append(time.millisecondsSince1970) }

    mutating func append(flag: Bool) { append(UInt8(flag ? 1 : 0)) }

    /// An amount that the ledger reckoned: never past what a sum may be.
    mutating func append(amount: TPP, _ field: StaticString) throws(EntryLogError) {
        guard amount <= .maximumSum else {
            throw .notEncodable(what: "the \(field) is out of range: \(amount.rawValue)")
        }
        try append(quantity: amount.rawValue, field)
    }

    /// A number that someone asked for; whether it is too large is the ledger's question.
    mutating func append(
        quantity: Int64,
        from least: Int64 = 0,
        _ field: StaticString
    ) throws(EntryLogError) {
        guard quantity >= least else {
            throw .notEncodable(what: "the \(field) is out of range: \(quantity)")
        }
        append(quantity)
    }

    /// Who acted, and the free text of what was asked if it is told apart: from version 3 on what is
    /// personal stands in front.
    mutating func append(
        _ actor: Actor,
        text: String?,
        version: UInt8
    ) throws(EntryLogError) {
        if version >= 3 {
            try append(actor.person, "person")
            try appendOptional(text: text, "text")
            try append(actor.organisation, "organisation")
        } else {
            try append(actor.organisation, "organisation")
            try append(actor.person, "person")
        }
        append(actor.role.rawValue)
    }

    mutating func append(_ reference: OperationReference) throws(EntryLogError) {
        try appendOptional(reference.organisation, "organisation of the operation named")
        try append(reference.id, "operation named")
    }

    /// A file of at most `maximum` bytes, after their number in 2 bytes.
    mutating func append(file: [UInt8], atMost maximum: Int) throws(EntryLogError) {
        guard file.count <= maximum else { throw .entryTooLarge(byteCount: file.count) }
        append(UInt16(file.count))
        append(file.span.rawBytes)
    }

    /// The number of an entry in front of the one that is written.
    mutating func append(
        earlier entry: EntryNumber,
        before number: EntryNumber,
        _ field: StaticString
    ) throws(EntryLogError) {
        guard entry < number else {
            throw .notEncodable(what: "the \(field) is a later entry")
        }
        append(entry.rawValue)
    }
}

/// The same words, read back.
extension ByteReader {
    @_lifetime(self: copy self)
    mutating func country(_ field: StaticString) throws(EntryLogError) -> CountryCode {
        let letters: UInt16 = try number(field)
        guard let country = CountryCode(rawValue: letters.byteSwapped) else {
            throw malformed("the \(field) is not two capital letters")
        }
        return country
    }

    @_lifetime(self: copy self)
    mutating func day(_ field: StaticString) throws(EntryLogError) -> CivilDate {
        let days: UInt32 = try number(field)
        guard let signed = Int32(exactly: days), let day = CivilDate(daysSince1970: signed) else {
            throw malformed("the \(field) is out of range")
        }
        return day
    }

    @_lifetime(self: copy self)
    mutating func dates() throws(EntryLogError) -> DateRange {
        let from = try day("from")
        var until: CivilDate?
        if bytes.byteCount - offset >= 4, bytes.number(at: offset, as: UInt32.self) == .max {
            _ = try pass(4, "until")
        } else {
            until = try day("until")
        }
        guard let dates = DateRange(from: from, until: until) else {
            throw malformed("it ends before it begins")
        }
        return dates
    }

    @_lifetime(self: copy self)
    mutating func quantity(
        from least: Int64 = 0,
        _ field: StaticString
    ) throws(EntryLogError) -> Int64 {
        let quantity: Int64 = try number(field)
        guard quantity >= least else {
            throw malformed("the \(field) is out of range: \(quantity)")
        }
        return quantity
    }

    @_lifetime(self: copy self)
    mutating func amount(_ field: StaticString) throws(EntryLogError) -> TPP {
        let quantity = try quantity(field)
        guard quantity <= TPP.maximumSum.rawValue else {
            throw malformed("the \(field) is out of range: \(quantity)")
        }
        return TPP(rawValue: quantity)
    }

    @_lifetime(self: copy self)
    mutating func time(_ field: StaticString) throws(EntryLogError) -> LedgerTime {
        guard let time = try optionalTime(field) else { throw malformed("there is no \(field)") }
        return time
    }

    @_lifetime(self: copy self)
    mutating func optionalTime(_ field: StaticString) throws(EntryLogError) -> LedgerTime? {
        let milliseconds: UInt64 = try number(field)
        guard milliseconds != EntryHeader.absent else { return nil }
        guard let signed = Int64(exactly: milliseconds),
            let time = LedgerTime(millisecondsSince1970: signed)
        else { throw malformed("the \(field) is out of range") }
        return time
    }

    /// A value of an enumeration with permanent numbers.
    @_lifetime(self: copy self)
    mutating func member<Member: RawRepresentable>(
        _ field: StaticString
    ) throws(EntryLogError) -> Member
    where Member.RawValue: FixedWidthInteger & BitwiseCopyable {
        let number: Member.RawValue = try number(field)
        guard let member = Member(rawValue: number) else {
            throw .unknownNumber(
                at: place,
                field: "\(field)",
                number: UInt64(truncatingIfNeeded: number)
            )
        }
        return member
    }

    @_lifetime(self: copy self)
    mutating func flag(_ field: StaticString) throws(EntryLogError) -> Bool {
        let byte = try byte(field)
        guard byte <= 1 else { throw malformed("the \(field) is neither 0 nor 1") }
        return byte == 1
    }

    @_lifetime(self: copy self)
    mutating func actor(_ personal: PersonalPart?) throws(EntryLogError) -> Actor {
        let organisation: OrganisationIdentifier = try identifier("organisation")
        let person: PersonIdentifier =
            if let personal { personal.person } else { try identifier("person") }
        return Actor(organisation: organisation, person: person, role: try member("role"))
    }

    @_lifetime(self: copy self)
    mutating func reference() throws(EntryLogError) -> OperationReference {
        OperationReference(
            organisation: try identifierText("organisation of the operation named")
                .map(OrganisationIdentifier.init(checked:)),
            id: try identifier("operation named")
        )
    }

    @_lifetime(self: copy self)
    mutating func file(atMost maximum: Int) throws(EntryLogError) -> [UInt8] {
        let count = Int(try number("length of the file") as UInt16)
        guard count <= maximum else { throw malformed("the file has \(count) bytes") }
        let start = try pass(count, "file")
        return bytes.extracting(start..<start + count).copied
    }

    @_lifetime(self: copy self)
    mutating func earlierEntry(
        before number: EntryNumber,
        _ field: StaticString
    ) throws(EntryLogError) -> EntryNumber {
        let entry = EntryNumber(rawValue: try self.number(field))
        guard entry < number else { throw malformed("the \(field) is a later entry") }
        return entry
    }
}
