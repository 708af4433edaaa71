// SPDX-License-Identifier: Apache-2.0

/// Makes a failing history shorter, as long as it fails in the same way.
///
/// Delta debugging (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input",
/// 2002) with complements only: chunks are left out, of half the history at first, of single steps
/// at last.
package struct Shrinker {
    /// Whether a list of steps still fails in the same way.
    private let fails: ([Step]) -> Bool

    package init(_ fails: @escaping ([Step]) -> Bool) { self.fails = fails }

    /// The steps that are left when none can be left out any more.
    package func shrunk(_ steps: [Step]) -> [Step] {
        var steps = steps
        var chunkCount = 2
        while steps.count > 1 {
            let size = (steps.count + chunkCount - 1) / chunkCount
            if let shorter = withoutSomeChunk(of: size, steps) {
                steps = shorter
                chunkCount = max(2, chunkCount - 1)
            } else if size == 1 {
                break
            } else {
                chunkCount = min(steps.count, 2 * chunkCount)
            }
        }
        return steps
    }

    /// The later steps are left out first: what came after what matters goes at once.
    private func withoutSomeChunk(of size: Int, _ steps: [Step]) -> [Step]? {
        for start in stride(from: 0, to: steps.count, by: size).reversed() {
            let shorter = steps[..<start] + steps[min(start + size, steps.count)...]
            if fails(Array(shorter)) { return Array(shorter) }
        }
        return nil
    }
}

extension Simulation {
    /// The shortest history that was found to fail as this one does.
    package func shrunk(_ result: SimulationResult) -> [Step] {
        guard let violation = result.violation else { return result.steps }
        let shrinker = Shrinker { steps in
            replay(steps, seed: result.seed).violation?.kind == violation.kind
        }
        return shrinker.shrunk(result.steps)
    }
}
