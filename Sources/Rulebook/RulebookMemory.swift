// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The rulebooks that were read last, by the bytes of their files.
///
/// A rulebook is a function of its file's bytes, and the same file is read several times in a row:
/// when an adoption is prepared, when it is examined, when it takes effect, when a log that has it
/// is replayed or judged. Any thread may ask: all that changes is behind the lock.
final class RulebookMemory: @unchecked Sendable {
    /// What this process remembers.
    static let shared = RulebookMemory()

    /// A ledger has few rulebooks, and whoever reads many is not helped by remembering them.
    private static let capacity = 16

    private let lock = NSLock()
    /// The one that was asked for last comes first.
    private var recent: [(file: [UInt8], rulebook: Rulebook)] = []

    private init() {}

    /// The rulebook of a file without fault that was read not long ago, or `nil`.
    func rulebook(of file: [UInt8]) -> Rulebook? {
        lock.withLock {
            guard let place = recent.firstIndex(where: { $0.file == file }) else { return nil }
            let found = recent[place]
            if place > 0 {
                recent.remove(at: place)
                recent.insert(found, at: 0)
            }
            return found.rulebook
        }
    }

    /// Remembers what a file without fault says.
    func remember(_ rulebook: Rulebook, of file: [UInt8]) {
        lock.withLock {
            guard !recent.contains(where: { $0.file == file }) else { return }
            if recent.count == Self.capacity { recent.removeLast() }
            recent.insert((file, rulebook), at: 0)
        }
    }
}
