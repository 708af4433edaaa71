// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What is wrong with a log that is watched: anything but growth.
public enum WatchAlarm: String, CaseIterable, Hashable, Sendable {
    /// It has fewer entries than it had, or none at all.
    case shrunk
    /// Entries that it had are not those that it has.
    case forked
    /// It is under another name.
    case otherLog = "other-log"
    /// Nobody who is trusted signed it.
    case signature
    /// A tile or a bundle is missing, or is not that of the signed tree.
    case torn
    /// It has not grown for too long.
    case stale
}

/// Remembers what a log was when it was last looked at, in a file.
///
/// The file holds the checkpoint, and the time of its last change is that of the log's growth. For
/// one thread at a time.
public struct LogWatch: Sendable {
    /// What a look at the log tells.
    public enum Sight: Hashable, Sendable {
        /// It is seen for the first time.
        case first
        /// It has grown since, from so many entries.
        case grown(from: UInt64)
        /// It is what it was, for so many seconds.
        case unchanged(seconds: Int64)
    }

    private let path: String

    /// Makes a watch that keeps its memory in a file; its folder must be there.
    public init(rememberingIn path: String) { self.path = path }

    /// What the log was when it was last looked at; `nil` if it never was.
    ///
    /// - Throws: ``PublicationError/checkpoint(path:_:)`` if the file holds something else.
    public func last() throws(PublicationError) -> Checkpoint? {
        let (path, limit) = (path, SignedNote.maximumByteCount)
        guard
            let bytes = try withFiles({ () throws(FileFailure) in
                try Files.contents(path, atMost: limit)
            })
        else { return nil }
        do throws(ProofError) {
            // Of a log that is not published there is no signature to keep.
            if let text = try? Checkpoint(text: bytes) { return text }
            return try SignedCheckpoint(bytes).checkpoint
        } catch {
            throw .checkpoint(path: path, error)
        }
    }

    /// Compares what the log is with what it was, by the two checkpoints alone.
    ///
    /// - Returns: An alarm, or `nil` if the one may be the beginning of the other.
    public static func alarm(from last: Checkpoint, to now: Checkpoint) -> WatchAlarm? {
        if last.origin != now.origin { return .otherLog }
        if now.size < last.size { return .shrunk }
        return now.size == last.size && now.root != last.root ? .forked : nil
    }

    /// Remembers what the log is now, of which all was checked, if it is something else than it was.
    ///
    /// - Parameters:
    ///   - now: What the log is.
    ///   - bytes: What is kept: the signed checkpoint, or its text alone.
    ///   - time: The time, in seconds since 1970.
    /// - Returns: What the look told.
    /// - Throws: ``PublicationError/file(_:)`` if the file can not be written.
    public func remember(
        _ now: Checkpoint,
        _ bytes: [UInt8],
        secondsSince1970 time: Int64
    ) throws(PublicationError) -> Sight {
        let last = try last()
        guard last?.size == now.size else {
            try withFiles { () throws(FileFailure) in
                try Files.replace(path, bytes, by: path + ".incomplete")
            }
            return last.map { .grown(from: $0.size) } ?? .first
        }
        let changed = try withFiles { () throws(FileFailure) in
            try OpenFile(path, O_RDONLY).modificationTime()
        }
        return .unchanged(seconds: max(0, time - changed))
    }
}
