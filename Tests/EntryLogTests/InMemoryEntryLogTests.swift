// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import Testing

struct InMemoryEntryLogTests {
    @Test(arguments: ConformanceCheck.all)
    func keepsThePromisesOfALog(check: ConformanceCheck) throws {
        try check.run(on: InMemoryEntryLog())
    }

    @Test func aBatchForAnotherHeadIsABug() async {
        await #expect(processExitsWith: .failure) {
            let log = InMemoryEntryLog()
            var builder = BatchBuilder(
                secret: SampleEntries.secret,
                frontier: MerkleFrontier()
            )
            try builder.append(SampleEntries.reservation(0))
            let batch = builder.finish(previous: .genesis)
            _ = try log.append(batch, expecting: log.takeOver())
        }
    }
}
