// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LMDBEntryLog
import LedgerModel
import LedgerText
import Rulebook

/// The rulebooks that a log has adopted, read when they are asked for.
struct RulebookShelf {
    private let log: LMDBEntryLog
    private var rulebooks: [EntryNumber: Rulebook] = [:]

    init(_ log: LMDBEntryLog) { self.log = log }

    /// The rulebook that an entry adopted; `nil` for an entry of another kind.
    mutating func rulebook(adoptedBy number: EntryNumber?) throws(CommandFailure) -> Rulebook? {
        guard let number else { return nil }
        if let rulebook = rulebooks[number] { return rulebook }
        let entry: Entry?
        do throws(EntryLogError) {
            entry = try log.entry(number)
        } catch {
            throw CommandFailure(error)
        }
        guard case .operation(let record)? = entry?.content,
            let adoption = Self.adoption(in: record.action)
        else { return nil }
        do throws(RulebookError) {
            let rulebook = try Rulebook.load(bytes: adoption.bytes, fileName: "entry \(number)")
            rulebooks[number] = rulebook
            return rulebook
        } catch {
            throw CommandFailure(error)
        }
    }

    /// The adoption that an action is, or proposes: an approved proposal holds the rulebook.
    private static func adoption(in action: Action) -> RulebookAdoption? {
        switch action {
        case .adoptRulebook(let adoption): return adoption
        case .propose(let proposal):
            guard case .adoptRulebook(let adoption) = proposal.action else { return nil }
            return adoption
        default: return nil
        }
    }

    /// How an entry is put in JSON: with H100e by the rulebook that decided it.
    mutating func rendering(
        of entry: Entry,
        includesFiles: Bool = false
    ) throws(CommandFailure) -> JSONRendering {
        JSONRendering(
            tppPerH100e: try rulebook(adoptedBy: entry.rulebook)?.tppPerH100e.value,
            includesFiles: includesFiles
        )
    }
}
