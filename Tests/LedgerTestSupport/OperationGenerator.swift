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
    /// How many of a hundred operations redact, or are of legal holds.
    let retentionPercent: Int
    let isTight: Bool
    let rulebookFiles: [[UInt8]]
    let deviceFiles: [[UInt8]]
    let partyPool: [PartyIdentifier]
    let cappedCountries: [CountryCode]
    var random: SplitMix64
    var oracle: Oracle
    var clock: LedgerTime
    /// Operations that follow one another; the first of all open the log.
    var planned: [Action] = []
    private var made: [GeneratedStep] = []
    private var counter = 0
    private let pacePercent: Int

    /// Starts the stream of a seed.
    ///
    /// - Parameters:
    ///   - seed: The seed.
    ///   - profile: What it is mostly made of.
    ///   - retentionPercent: How many of a hundred operations redact, or are of legal holds; with 0
    ///     the stream is the one of before there were any.
    public init(seed: UInt64, profile: StreamProfile, retentionPercent: Int = 0) {
        var random = SplitMix64(seed: seed)
        var contents: [OracleRulebook] = []
        let isTight =
            switch profile {
            case .tightCaps, .breaches: true
            case .lawChanges, .lifeCycle: random.chance(50)
            case .reservations: false
            }
        if !isTight { contents += random.chance(50) ? [.brief, .cfr] : [.cfr, .brief] }
        for index in 0..<(profile == .breaches ? 5 : isTight ? 3 : 1) {
            contents.append(
                .varied(
                    named: "varied-\(index)",
                    isTight: isTight,
                    // Laws that replace one another with wider and narrower caps.
                    divisor: profile == .breaches ? random.pick([1, 1, 2, 4]) : 1,
                    by: &random
                )
            )
        }
        // Where no rulebook is in force, no hold has a life and no limit a breach.
        if isTight, profile == .breaches || profile == .lifeCycle {
            contents[0].effective = .of(2025, 1, 1)
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
        self.retentionPercent = retentionPercent
        self.isTight = isTight
        let isSmall = profile == .tightCaps || profile == .breaches
        partyPool = (0..<(isSmall ? 5 : 9)).map { PartyIdentifier(checked: "P\($0)") }
        cappedCountries =
            isSmall
            ? [.of("AE"), .of("IN")] : [.of("AE"), .of("IN"), .of("SA"), .of("PL"), .of("KH")]
        clock = random.pick([
            .of(2025, 1, 2), .of(2025, 1, 13), .of(2025, 3, 31, milliseconds: 86_399_999),
            .of(2026, 2, 27), .of(2027, 12, 31, milliseconds: 86_300_000), .of(2028, 2, 28),
        ])
        pacePercent = random.pick(profile == .breaches ? [2, 5, 10] : [2, 8, 20])
        self.random = random
        planned = makeOpening()
    }

    /// The next operation; the first one opens the log.
    public mutating func next() -> GeneratedStep {
        advanceClock()
        var step = makeStep()
        if planned.isEmpty, random.chance(4) { step = again() ?? step }
        made.append(step)
        _ = oracle.apply(step.operation, now: step.now)
        return step
    }

    private mutating func makeStep() -> GeneratedStep {
        counter += 1
        let id = OperationIdentifier(checked: "op-\(counter)")
        var action = planned.isEmpty ? makeAction() : planned.removeFirst()
        var actor = makeActor(for: action)
        if needsProposal(action) {
            action = .propose(Proposal(action: action))
            actor = makeActor(for: action)
            planApproval(
                of: action,
                as: OperationReference(organisation: actor.organisation, id: id)
            )
        }
        var time: LedgerTime? = random.chance(50) ? clock : nil
        var now = clock
        if !made.isEmpty, random.chance(2) {
            // A time that has passed, or a clock that lags behind the log.
            let past = clock.adding(milliseconds: -Int64(1 + random.below(86_400_000)))
            if random.chance(50) { time = past } else { now = past }
        }
        var operation = Operation(id: id, actor: actor, time: time, action: action)
        // "The caller's own" may be said or left out.
        if random.chance(50) { operation = Oracle.withoutDefaults(operation) }
        return GeneratedStep(operation: operation, now: now)
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
        if oracle.rulebook(at: clock) == nil, random.chance(25) {
            // Nearly everything needs a rulebook.
            return .adoptRulebook(RulebookAdoption(bytes: random.pick(rulebookFiles)))
        }
        if retentionPercent > 0, random.chance(retentionPercent) { return makeRetention() }
        let (reservePercent, lifePercent) =
            switch profile {
            case .reservations: (72, 14)
            case .lawChanges: (32, 14)
            case .tightCaps: (58, 22)
            case .lifeCycle: (34, 52)
            case .breaches: (42, 20)
            }
        let drawn = random.below(100)
        if drawn < reservePercent { return .reserve(makeReservation()) }
        return drawn < reservePercent + lifePercent ? makeLife() : makeLaw()
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
            switch random.below(8) {
            case 0: moveClock(to: boundary())
            case 1: moveClock(to: boundary().adding(milliseconds: -1))
            case 2: moveClock(to: turn())
            case 3: moveClock(to: turn().adding(milliseconds: -1))
            case 4: moveClock(by: Int64(random.below(400)) * day)
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

    /// The midnight at which something dated begins or ends.
    mutating func turn() -> LedgerTime {
        let last = clock.day.adding(days: 1_000) ?? clock.day
        let days = oracle.facts.turningDays(after: clock.day, through: last).sorted().prefix(4)
        return LedgerTime(startOf: days.isEmpty ? clock.day : random.pick(Array(days)))
    }

    /// The deadline of some hold that is open.
    mutating func someDeadline() -> LedgerTime? {
        let deadlines = oracle.facts.charges.filter(\.isOpen).compactMap(\.deadline)
        return deadlines.isEmpty ? nil : random.pick(deadlines)
    }
}
