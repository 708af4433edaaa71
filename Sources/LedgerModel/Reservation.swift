// SPDX-License-Identifier: Apache-2.0

/// One line of a reservation.
public enum ReservationLine: Hashable, Sendable {
    /// A number of devices of one model; worth the model's TPP times the quantity.
    case devices(DeviceIdentifier, quantity: Int64)
    /// Plain TPP, always controlled.
    case tpp(TPP)
    /// Plain H100e, always controlled; worth whole TPP, rounded up by the rulebook's factor.
    case h100e(H100Equivalent)
}

extension ReservationLine: CustomStringConvertible {
    /// The line in words, such as `100 x H100 SXM5`.
    public var description: String {
        switch self {
        case .devices(let device, let quantity): "\(quantity) x \(device)"
        case .tpp(let amount): amount.description
        case .h100e(let amount): "\(amount) H100e"
        }
    }
}

/// What a reservation asks.
///
/// The exporter is the organisation of the operation's ``Actor``.
public struct Reservation: Hashable, Sendable {
    /// The party that would receive.
    public var consignee: PartyIdentifier
    /// The country to which the goods would go.
    public var destination: CountryCode
    /// What would be shipped: 1 to ``maximumLineCount`` lines.
    public var lines: [ReservationLine]
    /// What for: a code of the rulebook in force.
    public var endUse: EndUseIdentifier
    /// When the hold expires; must be later than the operation.
    public var deadline: LedgerTime?
    /// A purchase order or licence number: 1 to 200 bytes of text, or `nil`.
    public var reference: String?
    /// Whether less is welcome: as many whole units as a mechanism can take are granted.
    ///
    /// Such an order has exactly one line. The unit is a device, or one TPP.
    public var isUpTo: Bool

    /// The most lines that one order may have.
    public static let maximumLineCount = 100
    /// The most bytes of UTF-8 that free text (a reference, a party's name, a reason) may have.
    public static let maximumTextByteCount = 200

    /// Makes a reservation; nothing is checked here.
    public init(
        consignee: PartyIdentifier,
        destination: CountryCode,
        lines: [ReservationLine],
        endUse: EndUseIdentifier,
        deadline: LedgerTime? = nil,
        reference: String? = nil,
        isUpTo: Bool = false
    ) {
        self.consignee = consignee
        self.destination = destination
        self.lines = lines
        self.endUse = endUse
        self.deadline = deadline
        self.reference = reference
        self.isUpTo = isUpTo
    }
}
