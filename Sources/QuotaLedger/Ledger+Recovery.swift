// SPDX-License-Identifier: Apache-2.0

public import EntryLog
public import LedgerModel

extension Ledger {
    /// Opens a log for writing: takes it over and rebuilds the state from its entries.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - secret: The ledger's secret, which salts the leaves.
    ///   - clock: Tells the time.
    /// - Throws: ``LedgerError/log(_:)`` if the log fails, ``LedgerError/corrupt(_:_:)`` if its
    ///   entries do not fit together, ``LedgerError/fenced`` if it is taken over meanwhile.
    public static func open(
        _ log: any EntryLog,
        secret: LedgerSecret,
        clock: @escaping Clock
    ) throws(LedgerError) -> Ledger {
        let head: LogHead
        let frontier: MerkleFrontier
        do throws(EntryLogError) {
            head = try log.takeOver()
            frontier = try log.frontier()
        } catch {
            throw .log(error)
        }
        let core = try LedgerCore.recovered(from: log)
        guard core.next.rawValue == head.next else { throw .fenced }
        return Ledger(
            log: log,
            core: core,
            writer: BatchWriter(secret: secret, head: head, frontier: frontier),
            clock: clock
        )
    }

    /// Reads one entry of the log.
    func entry(_ number: EntryNumber) throws(LedgerError) -> Entry {
        do throws(EntryLogError) {
            guard let entry = try log.entry(number) else {
                throw .corrupt(at: .entry(number), what: "it is missing")
            }
            return entry
        } catch {
            throw .log(error)
        }
    }
}

extension LedgerCore {
    /// Rebuilds a core from a log alone.
    ///
    /// The log is checked for whole, unchanged batches in the right order; its tree is not hashed
    /// again, which is verification's task.
    ///
    /// - Parameters:
    ///   - log: The log; it may be open for reading only.
    ///   - until: The first entry that is left out; `nil` to read to the newest.
    public static func recovered(
        from log: any EntryLog,
        until: EntryNumber? = nil
    ) throws(LedgerError) -> LedgerCore {
        var core = LedgerCore(key: .random())
        do throws(EntryLogError) {
            core.reserveCapacity(Int(clamping: try log.head().next))
        } catch {
            throw .log(error)
        }
        let pipe = EntryPipe(reading: log, until: until)
        defer { pipe.abandon() }
        while let entries = try pipe.next() {
            for entry in entries { try core.replay(entry) }
        }
        return core
    }

    /// The cap report as of the newest entry, or a later moment; `nil` while no rulebook is in
    /// force.
    public func capReport(at time: LedgerTime? = nil) -> CapReport? {
        let moment = max(time ?? newestTime, newestTime)
        return state.expired(by: moment).capReport(at: moment)
    }
}
