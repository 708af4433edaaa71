// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Makes random but meaningful operations from a seed.
///
/// It runs an oracle beside the stream, for one purpose only: to aim at limits, so that orders of
/// exactly what is left, and of one more, are common instead of never seen.
public struct OperationGenerator: Sendable {
    /// The rulebook files that its adoptions carry.
    public let rulebooks: [[UInt8]: OracleRulebook]
    /// The catalogue files that its adoptions carry.
    public let devices: [[UInt8]: [OracleDevice]]

    let profile: StreamProfile
    let rulebookFiles: [[UInt8]]
    let deviceFiles: [[UInt8]]
    let partyPool: [PartyIdentifier]
    let cappedCountries: [CountryCode]
    var random: SplitMix64
    var oracle: Oracle
    var clock: LedgerTime
    private var opening: [Action]
    private var made: [GeneratedStep] = []
    private var counter = 0
    private let pacePercent: Int

    /// Starts the stream of a seed.
    public init(seed: UInt64, profile: StreamProfile) {
        var random = SplitMix64(seed: seed)
        var contents: [OracleRulebook] = []
        let isTight = profile == .tightCaps || (profile == .lawChanges && random.chance(50))
        if !isTight { contents += random.chance(50) ? [.brief, .cfr] : [.cfr, .brief] }
        for index in 0..<(isTight ? 3 : 1) {
            contents.append(.varied(named: "varied-\(index)", isTight: isTight, by: &random))
        }
        let catalogues = [OracleDevices.usual, OracleDevices.revised]
        rulebookFiles = contents.map { $0.yaml() }
        deviceFiles = catalogues.map { OracleDevices.csv($0) }
        rulebooks = Dictionary(uniqueKeysWithValues: zip(rulebookFiles, contents))
        devices = Dictionary(uniqueKeysWithValues: zip(deviceFiles, catalogues))
        oracle = Oracle(
            rulebooks: rulebooks,
            devices: devices,
            countries: OracleCountries.assigned
        )
        self.profile = profile
        partyPool = (0..<(profile == .tightCaps ? 5 : 9)).map {
            PartyIdentifier(checked: "P\($0)")
        }
        cappedCountries =
            profile == .tightCaps
            ? [.of("AE"), .of("IN")] : [.of("AE"), .of("IN"), .of("SA"), .of("PL"), .of("KH")]
        clock = random.pick([
            .of(2025, 1, 2), .of(2025, 1, 13), .of(2025, 3, 31, milliseconds: 86_399_999),
            .of(2026, 2, 27), .of(2027, 12, 31, milliseconds: 86_300_000), .of(2028, 2, 28),
        ])
        pacePercent = random.pick([2, 8, 20])
        self.random = random
        opening = []
        opening = makeOpening()
    }

    /// The next operation; the first one opens the log.
    public mutating func next() -> GeneratedStep {
        advanceClock()
        var step = makeStep()
        if opening.isEmpty, random.chance(4) { step = again() ?? step }
        made.append(step)
        _ = oracle.apply(step.operation, now: step.now)
        return step
    }

    private mutating func makeStep() -> GeneratedStep {
        let action = opening.isEmpty ? makeAction() : opening.removeFirst()
        counter += 1
        var time: LedgerTime? = random.chance(50) ? clock : nil
        var now = clock
        if !made.isEmpty, random.chance(2) {
            // A time that has passed, or a clock that lags behind the log.
            let past = clock.adding(milliseconds: -Int64(1 + random.below(86_400_000)))
            if random.chance(50) { time = past } else { now = past }
        }
        let operation = Operation(
            id: OperationIdentifier(checked: "op-\(counter)"),
            actor: makeActor(for: action),
            time: time,
            action: action
        )
        return GeneratedStep(operation: operation, now: now)
    }

    /// Someone whose role may do it under the standard policy, as a rule.
    mutating func makeActor(for action: Action) -> Actor {
        let fitting = [Role.vendor, .regulator, .operator]
            .filter { LedgerPolicy.standard.permits(action.kind, to: $0) }
        let isMisfit = fitting.isEmpty || random.chance(3)
        return Actor(
            organisation: OrganisationIdentifier(checked: random.pick(["acme", "bolt", "state"])),
            person: PersonIdentifier(checked: random.pick(["ann", "bob"])),
            role: random.pick(isMisfit ? Role.allCases : fitting)
        )
    }

    /// An operation that was made before: as it was, by someone else of the organisation, at
    /// another time, with other content, or by another organisation.
    private mutating func again() -> GeneratedStep? {
        guard !made.isEmpty else { return nil }
        var step = made[random.chance(50) ? made.count - 1 : random.below(made.count)]
        step.now = clock
        switch random.below(5) {
        case 0: break
        case 1: step.operation.time = nil
        case 2:
            step.operation.time = clock
            step.operation.actor.person = PersonIdentifier(checked: "eve")
            step.operation.actor.role = .auditor
        case 3: step.operation.action = makeAction()
        default:
            step.operation.time = nil
            step.operation.actor.organisation = OrganisationIdentifier(checked: "copycat")
        }
        return step
    }

    private mutating func makeAction() -> Action {
        let reservePercent =
            switch profile {
            case .reservations: 85
            case .lawChanges: 35
            case .tightCaps: 70
            }
        return random.chance(reservePercent) ? .reserve(makeReservation()) : makeLaw()
    }

    // MARK: Time

    /// Stays at the instant, or moves on: a little, a day or many, to a deadline, to a boundary.
    private mutating func advanceClock() {
        guard !made.isEmpty, !random.chance(35) else { return }
        let day: Int64 = LedgerTime.millisecondsPerDay
        if random.chance(12), let deadline = someDeadline(), deadline >= clock {
            let offset = Int64(random.below(3) - 1)
            moveClock(to: deadline.adding(milliseconds: offset))
        } else if random.chance(pacePercent) {
            switch random.below(6) {
            case 0: moveClock(to: boundary())
            case 1: moveClock(to: boundary().adding(milliseconds: -1))
            case 2: moveClock(by: Int64(random.below(400)) * day)
            default: moveClock(by: Int64(1 + random.below(40)) * day)
            }
        } else if random.chance(30) {
            moveClock(by: Int64(random.below(3)) * day + Int64(random.below(Int(day))))
        } else {
            moveClock(by: Int64(random.below(2_000)))
        }
    }

    private mutating func moveClock(by milliseconds: Int64) {
        moveClock(to: clock.adding(milliseconds: milliseconds))
    }

    /// The stream ends in the thirties, where every window has long closed.
    private mutating func moveClock(to time: LedgerTime) {
        clock = min(max(clock, time), .of(2033, 1, 1))
    }

    /// The start of the next month, quarter, year, leap day or 1 March.
    private mutating func boundary() -> LedgerTime {
        let (year, month, _) = clock.day.parts
        let choices: [CivilDate?] = [
            CivilDate(year: year, month: month, day: 1)?.adding(months: 1),
            CivilDate(year: year, month: (month - 1) / 3 * 3 + 1, day: 1)?.adding(months: 3),
            CivilDate(year: year + 1, month: 1, day: 1),
            CivilDate(year: year / 4 * 4 + 4, month: 2, day: 29),
            CivilDate(year: year + (month > 2 ? 1 : 0), month: 3, day: 1),
        ]
        return LedgerTime(startOf: choices[random.below(choices.count)] ?? clock.day)
    }

    /// The deadline of some hold that is open.
    mutating func someDeadline() -> LedgerTime? {
        let deadlines = oracle.facts.charges.filter(\.isOpen).compactMap(\.deadline)
        return deadlines.isEmpty ? nil : random.pick(deadlines)
    }
}
