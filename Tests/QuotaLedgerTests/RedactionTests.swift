// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Testing

@Suite("Entries are redacted")
struct RedactionTests {
    @Test("and the tree, the chain and every answer stay what they were")
    func everythingElseStays() throws {
        var scene = try RedactionScene()
        let log = scene.log
        let before = try log.frontier()
        #expect(try scene.stands(RedactionScene.person))
        #expect(try scene.stands(RedactionScene.reference))

        try scene.redact([scene.order, scene.plainOrder])
        #expect(try !scene.stands(RedactionScene.person))
        #expect(try !scene.stands(RedactionScene.reference))
        let frontier = try log.verify(secret: testSecret())
        #expect(try frontier == log.frontier())
        var leaves = MerkleFrontier()
        let hasher = LeafHasher(secret: try testSecret())
        try log.read(from: EntryNumber(rawValue: 0)) { _, bytes throws(EntryLogError) in
            try BatchReader.forEachEntry(in: bytes) { number, entry throws(EntryLogError) in
                if number.rawValue < before.size { leaves.append(try hasher.leaf(of: entry)) }
                return .next
            }
            return .next
        }
        #expect(leaves == before)

        // The running ledger, and one that knows the redacted form only, answer the same.
        for _ in 0..<2 {
            try checkRetries(scene)
            try scene.reopen()
        }
        let entry = try #require(try log.entry(scene.order))
        #expect(entry.isRedacted && entry.actor.person == .redacted)
        #expect(entry.actor.organisation.text == "acme")
        scene.ledger.close()
    }

    private func checkRetries(_ scene: RedactionScene) throws {
        typealias Scene = RedactionScene
        // Who asks again does not matter, what is asked does, the text included.
        for person in [Scene.person, "someone else"] {
            for (id, party, reference, number) in [
                ("o-1", "falcon", Scene.reference as String?, scene.order),
                ("o-2", "heron", nil, scene.plainOrder),
            ] {
                let again = Scene.order(id, for: party, reference: reference, by: person)
                guard case .replayed(let entry) = try scene.ask(again) else {
                    Issue.record("\(id) should be answered as before")
                    continue
                }
                #expect(entry.number == number && entry.isRedacted)
            }
        }
        for other in [
            Scene.order("o-1", for: "falcon", reference: "another"),
            Scene.order("o-1", for: "falcon", reference: nil),
            Scene.order("o-1", for: "heron", reference: Scene.reference),
            Scene.order("o-2", for: "heron", reference: "another"),
        ] {
            guard case .rejected(let rejection) = try scene.ask(other) else {
                Issue.record("another content should be rejected")
                continue
            }
            #expect(rejection.code == .idReused)
        }
    }

    @Test("and recovery, from a snapshot too, gives the same state; a verified one says if not")
    func recovery() throws {
        let scene = try RedactionScene()
        // One of them has a text, whose hash the running ledger knows otherwise.
        try scene.redact([scene.order, scene.plainOrder])
        let key = scene.ledger.key
        #expect(try scene.ledger.digest == digestFromLog(scene.log, key: key))
        scene.ledger.close()

        let shelf = SnapshotShelf()
        var ledger = try openLedger(scene.log, snapshots: shelf)
        let order = scene.order
        let proposal = Proposal(action: .redact(Redaction(entries: [order], reason: "r")))
        let asked = Operation(
            id: OperationIdentifier(checked: "e-3"),
            actor: RedactionScene.actor("ann"),
            action: .propose(proposal)
        )
        _ = try ledger.submit([asked])
        ledger.saveSnapshot()
        ledger.close()
        #expect(try !shelf.bytes().contains(sequence: Array(RedactionScene.person.utf8)))
        let (digest, snapshotKey, recovery) = try resumed(scene.log, shelf)
        #expect(recovery.ignoredSnapshot == nil && recovery.replayedFrom.rawValue > 0)
        #expect(try digest == digestFromLog(scene.log, key: snapshotKey))
        ledger = try openLedger(scene.log, snapshots: shelf)
        ledger.close()

        var frontier = MerkleFrontier()
        let core = try LedgerCore.verified(
            from: scene.log,
            secret: testSecret(),
            frontier: &frontier
        )
        #expect(core.redactedEntries == [scene.order, scene.plainOrder])
    }

    @Test("and a snapshot of before them leads to the same state as the log of after")
    func snapshotOfBefore() throws {
        var scene = try RedactionScene()
        scene.ledger.close()
        let shelf = SnapshotShelf()
        scene.ledger = try openLedger(scene.log, snapshots: shelf)
        scene.ledger.saveSnapshot()
        scene.ledger.close()
        scene.ledger = try openLedger(scene.log, snapshots: shelf)
        try scene.redact([scene.order, scene.plainOrder])
        // Ended without another snapshot: its state is read from the old one and what lies behind.
        let (digest, key, recovery) = try resumed(scene.log, shelf)
        #expect(recovery.ignoredSnapshot == nil && recovery.replayedFrom.rawValue > 0)
        #expect(digest == scene.ledger.digest)
        #expect(try digest == digestFromLog(scene.log, key: key))
        scene.ledger.close()
    }

    @Test("or not at all, if the append does not go through", arguments: [true, false])
    func failedAppend(isKept: Bool) throws {
        let memory = InMemoryEntryLog()
        var scene = try RedactionScene(memory)
        try scene.propose("e-1", [scene.order])
        scene.ledger.close()
        let failing = FailingLog(over: memory, after: 0, isKept ? .unknown : .refused)
        scene.ledger = try RedactionScene.open(failing)
        #expect(throws: LedgerError.self) { try scene.approve("e-1", as: "e-2") }
        #expect(try scene.stands(RedactionScene.person) || isKept)
        #expect(try memory.entry(scene.order)?.isRedacted == isKept)
        var frontier = MerkleFrontier()
        let core = try LedgerCore.verified(
            from: memory,
            secret: testSecret(),
            frontier: &frontier
        )
        #expect(core.redactedEntries == (isKept ? [scene.order] : []))
        // Asking again ends in the same place.
        scene.ledger = try RedactionScene.open(memory)
        #expect(try scene.approve("e-1", as: "e-2") == .accepted)
        #expect(try memory.entry(scene.order)?.isRedacted == true)
        scene.ledger.close()
    }

    @Test("by two people only, whatever the policy says, and by no vendor")
    func twoPeople() throws {
        let scene = try RedactionScene()
        let redaction = Redaction(entries: [scene.order], reason: "r")
        let vendor = RedactionScene.actor("eve", "acme", .vendor)
        #expect(try scene.ask("x-1", .redact(redaction)) == .refused(.needsApproval))
        let proposal = Action.propose(Proposal(action: .redact(redaction)))
        #expect(try scene.ask("x-2", proposal, by: vendor) == .refused(.notPermitted))
        try scene.propose("e-1", [scene.order])
        #expect(try scene.approve("e-1", as: "x-3", by: "ann") == .refused(.samePerson))
        #expect(try scene.log.entry(scene.order)?.isRedacted == false)
        #expect(try scene.approve("e-1", as: "e-2") == .accepted)
        #expect(try scene.log.entry(scene.order)?.isRedacted == true)
        scene.ledger.close()
    }

    @Test("unless a legal hold keeps them")
    func legalHolds() throws {
        var scene = try RedactionScene()
        let falcon = PartyIdentifier(checked: "falcon")
        let named = OperationReference(
            organisation: OrganisationIdentifier(checked: "acme"),
            id: OperationIdentifier(checked: "o-1")
        )
        let subjects: [LegalHoldSubject] = [.party(falcon), .operation(named), .entry(scene.order)]
        // One at a time: beside another hold it would not show that one keeps nothing.
        for (index, subject) in subjects.enumerated() {
            let name = "h-\(index + 1)"
            try scene.hold(name, .place(subject))
            let id = "e-\(index)"
            try scene.propose(id, [scene.order, scene.plainOrder])
            #expect(try scene.approve(id, as: "a-\(id)") == .refused(.onHold), "under \(name)")
            // A hold is in the log: one who has to begin anew knows it.
            try scene.reopen()
            let placed = OperationReference(id: OperationIdentifier(checked: name))
            try scene.hold("lift-\(name)", .lift(placed))
        }
        try scene.propose("e-9", [scene.order, scene.plainOrder])
        #expect(try scene.approve("e-9", as: "a-9") == .accepted)
        let gone = OperationReference(id: OperationIdentifier(checked: "h-1"))
        let lift = Operation(
            id: OperationIdentifier(checked: "l-9"),
            actor: RedactionScene.actor("ann"),
            action: .legalHold(LegalHold(step: .lift(gone), reason: "r"))
        )
        guard case .rejected(let rejection) = try scene.ask(lift) else {
            Issue.record("a hold is lifted once")
            return
        }
        #expect(rejection.code == .unknownReference)
        scene.ledger.close()
    }

    @Test("but not what says who redacted, nor what is needed as it is, nor twice")
    func notRedactable() throws {
        let scene = try RedactionScene()
        try scene.propose("open", [scene.plainOrder])
        let open = EntryNumber(rawValue: try scene.log.head().next - 1)
        try scene.redact([scene.order])
        let approval = EntryNumber(rawValue: try scene.log.head().next - 1)
        try scene.hold("h-1", .place(.entry(scene.plainOrder)))
        let hold = EntryNumber(rawValue: try scene.log.head().next - 1)
        for number in [open, scene.order, approval, hold] {
            let id = "e-\(number)"
            try scene.propose(id, [number])
            #expect(try scene.approve(id, as: "a-\(id)") == .refused(.notRedactable), "\(number)")
        }
        let unknown = Redaction(entries: [EntryNumber(rawValue: 999)], reason: "r")
        let asked = Operation(
            id: OperationIdentifier(checked: "x"),
            actor: RedactionScene.actor("ann"),
            action: .propose(Proposal(action: .redact(unknown)))
        )
        guard case .rejected(let rejection) = try scene.ask(asked) else {
            Issue.record("there is no such entry")
            return
        }
        #expect(rejection.code == .unknownReference)
        scene.ledger.close()
    }

    @Test("only where version 3 wrote them: a log of version 2 is read, and goes on")
    func version2() throws {
        var scene = try RedactionScene()
        scene.ledger.close()
        let old = InMemoryEntryLog()
        var head = try old.takeOver()
        var builder = BatchBuilder(secret: try testSecret(), frontier: MerkleFrontier())
        var chunk = EncodedChunk(first: EntryNumber(rawValue: 0), secret: try testSecret())
        for number in 0..<(try scene.log.head().next) {
            let entry = try #require(try scene.log.entry(EntryNumber(rawValue: number)))
            var bytes = ByteBuffer()
            try EntryCodec.encode(entry, into: &bytes, version: 2)
            #expect(try chunk.append(encoded: bytes.bytes) == entry)
        }
        try builder.append(chunk)
        let batch = builder.finish(previous: head)
        guard case .appended = try old.append(batch, expecting: head) else { return }
        head = try old.head()

        scene = try RedactionScene(over: old, order: scene.order, plainOrder: scene.plainOrder)
        try checkRetriesOfVersion2(scene)
        try scene.propose("e-1", [scene.order])
        #expect(try scene.approve("e-1", as: "e-2") == .refused(.notRedactable))
        let added = try scene.number(
            scene.ask(RedactionScene.order("o-3", for: "falcon", reference: "r-3"))
        )
        try scene.propose("e-3", [added])
        #expect(try scene.approve("e-3", as: "e-4") == .accepted)
        scene.ledger.close()
        #expect(try old.verify(secret: testSecret()) == old.frontier())
        #expect(try old.entry(added)?.isRedacted == true)
        #expect(try old.entry(scene.order)?.isRedacted == false)
    }

    private func checkRetriesOfVersion2(_ scene: RedactionScene) throws {
        let same = RedactionScene.order(
            "o-1",
            for: "falcon",
            reference: RedactionScene.reference
        )
        guard case .replayed(let entry) = try scene.ask(same) else {
            Issue.record("it was asked before")
            return
        }
        #expect(entry.number == scene.order)
        let other = RedactionScene.order("o-1", for: "falcon", reference: "another")
        guard case .rejected(let rejection) = try scene.ask(other) else {
            Issue.record("it is another order")
            return
        }
        #expect(rejection.code == .idReused)
    }
}
