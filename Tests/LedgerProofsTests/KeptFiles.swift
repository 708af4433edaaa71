// SPDX-License-Identifier: Apache-2.0
import EntryLog
import Foundation
import LedgerProofs

/// A folder for one test, removed with its contents when the value goes away.
final class KeptFiles: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID())").path()
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: false
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
    }

    func write(_ bytes: [UInt8], _ name: String, mode: Int = 0o600) throws {
        let file = "\(path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }

    func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions]
            as? Int
    }

    func names(_ folder: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
    }
}

/// The error that is thrown, if one is.
func keepingError(_ body: () throws -> Void) -> KeepingError? {
    do {
        try body()
        return nil
    } catch {
        return error as? KeepingError
    }
}

/// The store of a log with the leaves of ``sampleLeaves(_:)``.
struct SampleStore {
    let files: KeptFiles
    let key: NoteSigningKey
    let witness: NoteSigningKey
    let store: CheckpointStore

    init() throws {
        files = try KeptFiles()
        key = try sampleKey("log.example")
        witness = try sampleKey("witness.example", .cosignature, seed: 40)
        store = CheckpointStore(
            files.path + "/checkpoints",
            origin: "log.example",
            ledgerKeys: KeyList(files.path + "/public-keys"),
            witnesses: KeyList(files.path + "/witnesses")
        )
        try store.witnesses.add(witness.verifierKey)
    }

    /// The head of so many leaves; `turn` makes another log of it.
    func head(_ size: Int, turn: Bool = false) throws -> Checkpoint {
        try Checkpoint(
            origin: "log.example",
            size: UInt64(size),
            root: turn ? hash([UInt8(size)]) : plainRoot(sampleLeaves(size)[...])
        )
    }

    @discardableResult
    func sign(_ size: Int, turn: Bool = false) throws -> SignedCheckpoint {
        try store.sign(head(size, turn: turn), with: [key]) { before throws(EntryLogError) in
            turn ? hash([UInt8(before)]) : plainRoot(sampleLeaves(Int(before))[...])
        }
    }

    /// A note as a witness gives it back.
    func cosigned(_ size: Int, at time: UInt64, turn: Bool = false) throws -> SignedNote {
        var note = SignedCheckpoint(try head(size, turn: turn), signedWith: key).note
        note.cosign(with: witness, secondsSince1970: time)
        return note
    }
}
