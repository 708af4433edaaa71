// SPDX-License-Identifier: Apache-2.0
import Dispatch
import EntryLog
import LedgerProofs
import Synchronization
import Testing

struct KeyFileTests {
    @Test func aKeyIsMadeOnceForItsOwnerOnly() throws {
        let files = try KeptFiles()
        let file = KeyFile(files.path + "/signing")
        #expect(try file.read() == nil)
        let key = try sampleKey("log.example")
        try file.make(key)
        #expect(try files.mode("signing") == 0o600)
        #expect(try file.read()?.verifierKey == key.verifierKey)
        let other = try sampleKey("log.example", seed: 2)
        #expect(keepingError { try file.make(other) } == .keyExists(path: file.path))
        #expect(try files.bytes("signing") == Array((key.secretText + "\n").utf8))
        #expect(try files.names() == ["signing"])
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o644, 0o601])
    func aKeyThatOthersCanReachIsRefused(mode: Int) throws {
        let files = try KeptFiles()
        let file = KeyFile(files.path + "/signing")
        let key = try sampleKey("log.example")
        try files.write(Array(key.secretText.utf8), "signing", mode: mode)
        let error = keepingError { _ = try file.read() }
        #expect(error == .exposed(path: file.path))
        #expect(error?.description.contains("chmod 600") == true)
    }

    @Test func aTornKeyIsNoKeyAndIsNotShown() throws {
        let files = try KeptFiles()
        let file = KeyFile(files.path + "/signing")
        let text = Array((try sampleKey("log.example").secretText + "\n").utf8)
        for count in 0..<text.count - 1 {
            try files.write(Array(text[..<count]), "signing")
            let error = keepingError { _ = try file.read() }
            guard case .malformed? = error else {
                Issue.record("\(count) bytes were taken for a key")
                continue
            }
            let shown = String(decoding: text[..<count].suffix(12), as: UTF8.self)
            #expect(count < 40 || error?.description.contains(shown) == false)
        }
        try files.write(text + text, "signing")
        #expect(keepingError { _ = try file.read() } != nil)
        try files.write([UInt8](repeating: 0x41, count: 5_000), "signing")
        guard case .foreign? = keepingError({ _ = try file.read() }) else {
            Issue.record("a long file was taken for a key")
            return
        }
    }

    @Test func ofManyMakersOneMakesTheKey() throws {
        let files = try KeptFiles()
        let keys = SigningKeys(files.path + "/keys")
        let name = try NoteKeyName("log.example")
        let made = Mutex<[NoteVerifierKey]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            if let key = try? keys.make(named: name) {
                made.withLock { $0.append(key.verifierKey) }
            }
        }
        #expect(made.withLock { $0 } == [try keys.current()?.verifierKey])
        #expect(try files.mode("keys") == 0o700)
        #expect(try keys.signers().map(\.verifierKey) == made.withLock { $0 })
        #expect(
            keepingError { _ = try SigningKeys(files.path + "/none").signers() }
                == .noKey(path: files.path + "/none/signing")
        )
    }

    @Test func aListKeepsTheOrderAndRefusesWhatIsNoKey() throws {
        let files = try KeptFiles()
        let list = KeyList(files.path + "/public-keys")
        #expect(try list.keys() == [])
        let keys = try (1...3).map { try sampleKey("log.example", seed: $0).verifierKey }
        for key in keys { #expect(try list.add(key)) }
        #expect(try !list.add(keys[1]))
        #expect(try list.keys() == keys)
        let bytes = try files.bytes("public-keys")
        try files.write(Array(bytes.dropLast()), "public-keys")
        #expect(keepingError { _ = try list.keys() } != nil)
        #expect(keepingError { try list.add(keys[0]) } != nil)
        try files.write(Array("log.example+00000000+AQ==\n".utf8), "public-keys")
        guard case .malformed? = keepingError({ _ = try list.keys() }) else {
            Issue.record("it was taken for a key")
            return
        }
    }
}
