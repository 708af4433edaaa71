// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport

/// Puts a workload together; each kind has a file of its own.
struct WorkloadBuilder {
    let size: KernelWorkload.Size
    let limitCount: Int?
    var generator: SeededGenerator
    var model = WorkloadModel()
    var items: [WorkloadItem] = []
    var markedLimits: [Int] = []

    /// The TPP of one H100 SXM: the unit in which the amounts of the streams come.
    static let device: Int64 = 15_832
    /// How many countries make a region, whose limit they share.
    static let countriesPerRegion = 10

    init(size: KernelWorkload.Size, seed: UInt64, limitCount: Int?) {
        self.size = size
        self.limitCount = limitCount
        generator = SeededGenerator(seed: seed)
        items.reserveCapacity(size.itemCount)
    }

    /// Limits of countries and of the regions that they make.
    struct Countries {
        var countries: [Cap]
        var regions: [Cap]

        func region(of country: Int) -> Cap {
            regions[country / WorkloadBuilder.countriesPerRegion]
        }
    }

    /// Adds a limit for each country and each region.
    mutating func addCountries(allowed: Int64) -> Countries {
        let regionCount = (size.countryCount - 1) / Self.countriesPerRegion + 1
        return Countries(
            countries: (0..<size.countryCount).map { _ in model.addCap(allowed) },
            regions: (0..<regionCount).map { _ in model.addCap(allowed) }
        )
    }

    /// A number of devices in `range` as an amount.
    mutating func devices(_ range: ClosedRange<Int64>) -> Int64 {
        generator.amount(in: range) * Self.device
    }

    /// A conjunction of limits each of which is charged.
    func conjunction(_ caps: [Cap], maximumAmount: Int64 = .max) -> WorkloadModel.Alternative {
        WorkloadModel.Alternative(
            limits: caps.map(\.limit),
            charges: caps.map(\.used),
            maximumAmount: maximumAmount
        )
    }

    mutating func claim(_ route: Int, _ amount: Int64) {
        items.append(.claim(route: Int32(route), amount: amount))
    }
}

/// What was granted and is still held.
struct OpenHold {
    /// The cells that were charged.
    var charges: [Int]
    /// How much.
    var amount: Int64
    /// The route of the claim.
    var route: Int
}

/// A stream that looks at what was granted: frees have to name what is held.
struct LivingStream {
    private var evaluator: PlainEvaluator
    private let itemCount: Int
    private(set) var items: [WorkloadItem] = []
    /// What is held, in no order that means something.
    var holds: [OpenHold] = []

    init(_ model: WorkloadModel, itemCount: Int) {
        evaluator = PlainEvaluator(model)
        self.itemCount = itemCount
        items.reserveCapacity(itemCount)
    }

    var isFull: Bool { items.count >= itemCount }

    func value(of cell: Int) -> Int64 { evaluator.cells[cell] }

    /// Adds an item, and a hold if it is granted; nothing once the stream is full.
    mutating func append(_ item: WorkloadItem) {
        guard !isFull else { return }
        items.append(item)
        let answer = evaluator.answer(item)
        guard case .taken(let place) = answer.outcome else { return }
        let route: Int
        switch item {
        case .claim(let index, _), .claimUpTo(let index, _, _): route = Int(index)
        case .adjust: return
        }
        let charges = evaluator.model.routes[route][place].charges
        guard !charges.isEmpty else { return }
        holds.append(OpenHold(charges: charges, amount: answer.granted, route: route))
    }

    /// Takes a hold out, any one.
    mutating func takeHold(_ generator: inout SeededGenerator) -> OpenHold? {
        guard !holds.isEmpty else { return nil }
        holds.swapAt(generator.below(holds.count), holds.count - 1)
        return holds.popLast()
    }

    /// Frees what a hold charged.
    mutating func free(_ hold: OpenHold) {
        for cell in hold.charges { append(.adjust(cell: Int32(cell), by: -hold.amount)) }
    }
}
