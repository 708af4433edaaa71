// SPDX-License-Identifier: Apache-2.0
import EntryLog
import Foundation
import LedgerModel
import LedgerProofs
import Testing

struct RotationTests {
    private func statement(size: UInt64 = 7) throws -> RotationStatement {
        try RotationStatement(
            origin: "log.example",
            size: size,
            from: sampleKey("log.example"),
            to: sampleKey("log.example", seed: 2)
        )
    }

    private func fault(_ rotation: KeyRotation, at number: UInt64 = 7) -> ProofError? {
        do throws(ProofError) {
            try RotationStatement.check(
                rotation,
                of: "log.example",
                at: EntryNumber(rawValue: number)
            )
            return nil
        } catch {
            return error
        }
    }

    @Test func aStatementSaysWhatTheEntrySays() throws {
        let made = try statement()
        #expect(try RotationStatement(made.note.bytes) == made)
        #expect(made.rotation.isWellFormed)
        #expect(fault(made.rotation) == nil)
        #expect(fault(made.rotation, at: 8) == nil)
        let lines = String(decoding: made.note.text, as: UTF8.self)
        #expect(lines.hasPrefix("headroom/key-rotation/v1\nlog.example\nlog.example+"))
        #expect(lines.hasSuffix("\n7\n"))
        // It is no checkpoint, and none can be made of its signatures.
        #expect(throws: ProofError.self) { try Checkpoint(text: made.note.text) }
    }

    @Test func anAlteredStatementIsRefused() throws {
        let made = try statement().rotation
        for (index, altered) in alterations(of: Array(made.statement.utf8)).enumerated()
        where index.isMultiple(of: 7) {
            guard let text = String(validating: altered, as: UTF8.self) else { continue }
            var rotation = made
            rotation.statement = text
            #expect(fault(rotation) != nil)
        }
    }

    @Test func aStatementThatIsNotThisEntrysIsRefused() throws {
        let made = try statement()
        // Before the log had so many entries, of another log, of other keys.
        #expect(fault(made.rotation, at: 6) != nil)
        let (one, two, three) = (
            try sampleKey("log.example"), try sampleKey("log.example", seed: 2),
            try sampleKey("log.example", seed: 3)
        )
        let others = [
            try RotationStatement(origin: "other.example", size: 7, from: one, to: two),
            try RotationStatement(origin: "log.example", size: 7, from: two, to: one),
            try RotationStatement(origin: "log.example", size: 7, from: one, to: three),
        ]
        for other in others {
            var rotation = made.rotation
            rotation.statement = other.rotation.statement
            #expect(fault(rotation) != nil)
        }
        // Signed by the new key alone, by somebody else too, or the other way round.
        let signatures = made.note.signatures
        let third = SignedNote.signed(made.note.text, by: three)
        for kept in [
            [signatures[1]], [signatures[0]], [signatures[1], signatures[0]],
            signatures + third.signatures, [],
        ] {
            var note = try SignedNote(text: made.note.text)
            for signature in kept { try note.append(signature) }
            var rotation = made.rotation
            rotation.statement = String(decoding: note.bytes, as: UTF8.self)
            #expect(fault(rotation) != nil)
        }
        // Keys of witnesses sign no heads.
        #expect(throws: ProofError.self) {
            try RotationStatement(
                Array(made.rotation.statement.replacingOccurrences(of: "+A", with: "+B").utf8)
            )
        }
    }

    /// What each step leaves behind if the process ends after it, and what the next run makes of it.
    @Test func aRotationThatWasInterruptedIsFinished() throws {
        for stage in 0...4 {
            let files = try KeptFiles()
            let keys = SigningKeys(files.path)
            let old = try keys.make(named: NoteKeyName("log.example")).verifierKey
            let oldBytes = try files.bytes("signing")
            var new: NoteVerifierKey?
            if stage >= 1 { new = try keys.beginRotation().to.verifierKey }
            // The entry is written: nothing in the folder changes. Then the old key is kept ...
            if stage >= 3 { try files.write(oldBytes, "previous") }
            // ... and the new one takes its place.
            if stage >= 4 {
                try FileManager.default.removeItem(atPath: files.path + "/signing")
                try FileManager.default.moveItem(
                    atPath: files.path + "/next",
                    toPath: files.path + "/signing"
                )
            }
            if stage < 4 {
                #expect(try keys.signers().map(\.verifierKey) == [old])
                let begun = try keys.beginRotation()
                #expect(begun.from.verifierKey == old)
                #expect(new == nil || begun.to.verifierKey == new)
                new = begun.to.verifierKey
            } else {
                #expect(keepingError { _ = try keys.beginRotation() } != nil)
            }
            try keys.finishRotation()
            try keys.finishRotation()
            #expect(try keys.signers().map(\.verifierKey) == [new, old], "stage \(stage)")
            #expect(try files.names() == ["previous", "signing"])
            for name in ["previous", "signing"] { #expect(try files.mode(name) == 0o600) }
            #expect(try keys.retire() == old)
            #expect(try keys.signers().map(\.verifierKey) == [new])
            #expect(keepingError { _ = try keys.retire() } != nil)
        }
    }

    @Test func foreignKeysEndARotation() throws {
        let files = try KeptFiles()
        let keys = SigningKeys(files.path)
        _ = try keys.make(named: NoteKeyName("log.example"))
        try files.write(files.bytes("signing"), "next")
        guard case .foreign? = keepingError({ _ = try keys.beginRotation() }) else {
            Issue.record("the key would take its own place")
            return
        }
        let third = Array((try sampleKey("log.example", seed: 3).secretText + "\n").utf8)
        try files.write(third, "next")
        try files.write(Array(sampleKey("log.example", seed: 4).secretText.utf8), "previous")
        #expect(
            keepingError { try keys.finishRotation() }
                == .rotationUnfinished(path: files.path + "/previous")
        )
        #expect(try files.bytes("next") == third)
    }
}

extension SignedNote {
    /// A note with one signature.
    fileprivate static func signed(_ text: [UInt8], by key: NoteSigningKey) -> SignedNote {
        guard var note = try? SignedNote(text: text) else {
            preconditionFailure("the text of a note is one")
        }
        note.sign(with: key)
        return note
    }
}
