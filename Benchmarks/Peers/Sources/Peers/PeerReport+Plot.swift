// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport

extension PeerReport {
    /// Decisions a second by batch size as SVG, a line for each peer with one client: of the durable
    /// rows on K1, else of those in memory; `nil` if there is nothing to show.
    public func plot() -> String? {
        for isDurable in [true, false] {
            for rule in [PeerRule.first, .all] {
                let part = rows.filter {
                    $0.rule == rule && ($0.durability == .synced) == isDurable && $0.clients == 1
                        && $0.workload == WorkloadName.uniform.rawValue
                        && $0.decisionsPerSecond != nil
                }
                if !part.isEmpty { return plot(part, rule, isDurable) }
            }
        }
        return nil
    }

    private func plot(_ part: [PeerRow], _ rule: PeerRule, _ isDurable: Bool) -> String {
        var names: [String] = []
        for row in part where !names.contains(row.peer) { names.append(row.peer) }
        let series = names.map { name in
            LinePlot.Series(
                name,
                part.filter { $0.peer == name }.sorted { $0.batch < $1.batch }
                    .map { (Double($0.batch), $0.decisionsPerSecond ?? 0) },
                isReference: name == "raw LMDB"
            )
        }
        let rates = part.compactMap(\.decisionsPerSecond)
        var decades: [Double] = [1]
        while let last = decades.last, last < rates.max() ?? 1 { decades.append(last * 10) }
        let least = rates.min() ?? 1
        while decades.count > 1, decades[1] <= least { decades.removeFirst() }
        let limits = rule == .all ? "all three limits" : "the first of three limits that holds"
        return LinePlot(
            title: isDurable
                ? "Reservations a second, synced before the answer, one client"
                : "Reservations a second in memory, one client",
            subtitle: "K1, \(limits); \(environment.coreCount) cores of \(environment.processor)",
            horizontal: .logarithmic("claims in a batch", at: part.map { Double($0.batch) }),
            vertical: .logarithmic("decisions a second", at: decades),
            series: series
        ).svg
    }
}
