// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A file that holds a signing key: one line, which only its owner may read.
public struct KeyFile: Hashable, Sendable {
    /// Where it is.
    public let path: String

    private static let maximumByteCount = 4_096

    /// Names a file, which need not be there.
    public init(_ path: String) { self.path = path }

    /// Reads the key; `nil` if there is no file.
    ///
    /// - Throws: ``KeepingError/exposed(path:)`` if others can read or write it, whatever it holds;
    ///   ``KeepingError/malformed(path:_:)`` if it holds no key. No error shows anything of it.
    public func read() throws(KeepingError) -> NoteSigningKey? {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw WholeFile.failure(path, "open it")
        }
        defer { _ = close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw WholeFile.failure(path, "look at it")
        }
        guard status.st_mode & 0o077 == 0 else { throw .exposed(path: path) }
        let bytes = try WholeFile.contents(
            of: descriptor,
            path,
            atMost: KeyFile.maximumByteCount
        )
        let line = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        do throws(ProofError) {
            return try NoteSigningKey(secretText: String(decoding: line, as: UTF8.self))
        } catch {
            throw .malformed(path: path, error)
        }
    }

    /// Writes a key where none is.
    ///
    /// Durable on return; interrupted, there is no file.
    ///
    /// - Throws: ``KeepingError/keyExists(path:)`` if there is a file.
    public func make(_ key: NoteSigningKey) throws(KeepingError) {
        let line = Array((key.secretText + "\n").utf8)
        guard try WholeFile.make(path, line, mode: WholeFile.secret) else {
            throw .keyExists(path: path)
        }
    }
}

/// A file with the keys by which something is checked: one verifier key a line.
public struct KeyList: Hashable, Sendable {
    /// Where it is.
    public let path: String

    private static let maximumByteCount = 1_000_000

    /// Names a file, which need not be there.
    public init(_ path: String) { self.path = path }

    /// The keys, in the order in which they were added; none if there is no file.
    public func keys() throws(KeepingError) -> [NoteVerifierKey] {
        guard let bytes = try WholeFile.contents(path, atMost: KeyList.maximumByteCount) else {
            return []
        }
        guard bytes.isEmpty || bytes.last == UInt8(ascii: "\n") else {
            throw .foreign(
                path: path,
                found: "an end in the middle of a line",
                expected: "one key a line"
            )
        }
        var keys: [NoteVerifierKey] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            do throws(ProofError) {
                keys.append(try NoteVerifierKey(String(decoding: line, as: UTF8.self)))
            } catch {
                throw .malformed(path: path, error)
            }
        }
        return keys
    }

    /// Adds a key, unless it is there.
    ///
    /// Durable on return. Others may add at the same time.
    ///
    /// - Returns: Whether it is new.
    @discardableResult
    public func add(_ key: NoteVerifierKey) throws(KeepingError) -> Bool {
        try WholeFile.locked(WholeFile.parent(of: path)) { () throws(KeepingError) in
            let keys = try keys()
            guard !keys.contains(key) else { return false }
            let text = (keys + [key]).map { $0.text + "\n" }.joined()
            try WholeFile.replace(path, Array(text.utf8), mode: WholeFile.open)
            return true
        }
    }
}
