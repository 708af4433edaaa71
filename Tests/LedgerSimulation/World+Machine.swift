// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import QuotaLedger

extension World {
    /// More processes than a writer, a successor and a straggler teach nothing new.
    static let maximumProcessCount = 3

    func applyToMachine(_ step: Step) throws(Violation) {
        switch step {
        case .takeOver: try takeOver()
        case .recover(let index, let failsAfter): try recover(index, failsAfter: failsAfter)
        case .audit(let index): try audit(index)
        case .kill(let index):
            guard let process = process(index) else { return }
            say("process \(process.number) ends")
            end(process)
        case .crash(let kept, let hasHole): try crash(kept: kept, hasHole: hasHole)
        case .restoreSnapshot(let index):
            say("an older snapshot is back")
            shelf.restore(index)
        case .damageSnapshot(let offset):
            say("the snapshot is damaged")
            shelf.damage(atByte: offset)
        case .loseSnapshot:
            say("the snapshot is lost")
            shelf.clear()
        default: return
        }
    }

    private func takeOver() throws(Violation) {
        let log = SimulatedEntryLog(disk)
        do throws(EntryLogError) {
            let head = try log.takeOver()
            let frontier = try log.frontier()
            openings.append(
                Opening(number: startedCount, log: log, head: head, frontier: frontier)
            )
        } catch {
            throw Violation(.notOpened, "\(error)")
        }
        say("process \(startedCount) takes the log over at entry \(disk.head.next)")
        startedCount += 1
        if openings.count > Self.maximumProcessCount { openings.removeFirst() }
    }

    private func recover(_ index: Int, failsAfter batchCount: Int?) throws(Violation) {
        guard !openings.isEmpty else { return }
        let opening = openings.remove(at: index % openings.count)
        let core: LedgerCore
        do throws(LedgerError) {
            core = try recovered(opening, failsAfter: batchCount)
        } catch {
            say("process \(opening.number) can not read the log: \(error)")
            guard batchCount != nil else { throw Violation(.notOpened, "\(error)") }
            return
        }
        // Another may have taken over and appended meanwhile.
        guard core.next.rawValue == opening.head.next else { return }
        try compare(core, opening)
        if processes.count >= Self.maximumProcessCount { end(processes[0]) }
        processes.append(
            LedgerProcess(
                opening,
                core: core,
                newestOperation: judge.newestOperation,
                secret: secret
            )
        )
    }

    private func recovered(
        _ opening: Opening,
        failsAfter batchCount: Int?
    ) throws(LedgerError) -> LedgerCore {
        opening.log.failReads(after: batchCount)
        defer { opening.log.failReads(after: nil) }
        return try LedgerCore.recovered(from: opening.log, snapshots: shelf, key: key)
    }

    /// Compares a rebuilt core with the log, and with the core that lived.
    private func compare(
        _ core: borrowing LedgerCore,
        _ opening: Opening
    ) throws(Violation) {
        let start = core.recovery?.replayedFrom.rawValue ?? 0
        say(
            "process \(opening.number) rebuilds the state before entry \(core.next)"
                + (start > 0 ? " from a snapshot before entry \(start)" : "")
                + (core.recovery?.ignoredSnapshot.map { "; not from a snapshot: \($0)" } ?? "")
        )
        try judge.checkNothingIsLost(on: disk)
        try judge.verify(opening.log, secret: secret)
        let digest = core.digest
        if start > 0, try digestFromLog(opening.log) != digest {
            throw Violation(.snapshotDiffers, "before entry \(core.next), from entry \(start) on")
        }
        if let lived, lived.next == core.next, lived.digest != digest {
            throw Violation(.stateDiffers, "before entry \(core.next)")
        }
        lived = nil
    }

    private func digestFromLog(_ log: SimulatedEntryLog) throws(Violation) -> UInt64 {
        do {
            return try LedgerCore.recovered(from: log, key: key).digest
        } catch {
            throw Violation(.notOpened, "\(error)")
        }
    }

    private func audit(_ index: Int) throws(Violation) {
        guard let process = process(index), process.isIdle, !process.hasFailed,
            process.hasDurableState(before: judge.next)
        else { return }
        say("the state of process \(process.number) is compared with the log's")
        guard try digestFromLog(SimulatedEntryLog(disk)) == process.core.digest else {
            throw Violation(.stateDiffers, "before entry \(process.core.next), while it lives")
        }
    }

    private func end(_ process: LedgerProcess) {
        if process.hasDurableState(before: judge.next) { lived = (judge.next, process.core.digest) }
        processes.removeAll { $0 === process }
    }

    private func crash(kept: Int, hasHole: Bool) throws(Violation) {
        let writing = processes.first { $0.isAppending && $0.log.canReachDisk }
        // A redaction and its approval are one transaction: all of it is on the disk, or nothing.
        let isRedacted = writing?.log.crash(keepsTransaction: kept >= 1_000 && !hasHole) ?? false
        if isRedacted { say("an approval is on the disk, and what it redacts") }
        var tail = writing?.log.writtenBytes ?? []
        tail.removeLast(tail.count - tail.count * min(kept, 1_000) / 1_000)
        if hasHole {
            for index in tail.indices where index >= tail.count / 3 && index < tail.count / 2 {
                tail[index] = 0
            }
        }
        say("the power fails; \(tail.count) bytes of an unsynced batch are on the disk")
        for process in processes where process.hasDurableState(before: judge.next) {
            lived = (judge.next, process.core.digest)
        }
        processes.removeAll()
        openings.removeAll()
        disk.crash(leaving: tail)
        disk.recoverTail()
        if let writing { try judge.look(at: disk, process: writing) }
        try judge.checkNothingIsLost(on: disk)
    }
}
