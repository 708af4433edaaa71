// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import Foundation
    import LedgerModel
    import QuotaLedger
    import Rulebook

    /// What a shell offers for arguments, asked of the program while somebody types.
    ///
    /// Nothing is said when something fails: there is only less to offer.
    enum Candidates {
        /// The countries' codes.
        static let countries = CompletionKind.custom { _, _, _ in
            CountryTable.shipped.countries.map(\.code.description)
        }

        /// The devices of the catalogue that comes with the program.
        static let devices = CompletionKind.custom { _, _, _ in
            let catalogue = try? DeviceCatalogue.load(
                bytes: ShippedFile.devices.bytes,
                fileName: ShippedFile.devices.fileName
            )
            return Set(catalogue?.ratings.map(\.device.text) ?? []).sorted()
        }

        /// The parties of the ledger that the words before name.
        static let parties = CompletionKind.custom { words, _, _ in
            let folder = folder(in: words)
            guard folder.mayBeThere, let log = try? folder.openForReading(),
                let core = try? folder.core(of: log)
            else { return [] }
            return core.partyIdentifiers.map(\.text).sorted()
        }

        /// The names of the shipped rulebooks, and the rulebook files at hand.
        static let rulebooks = CompletionKind.custom { _, _, prefix in
            ShippedRulebook.all.map(\.name) + files(endingIn: [".yaml", ".yml"], prefix)
        }

        /// The roles.
        static let roles = CompletionKind.list(Role.allCases.map(\.description))

        private static func folder(in words: [String]) -> LedgerFolder {
            guard let option = words.lastIndex(of: "--ledger"), option + 1 < words.endIndex else {
                return LedgerOptions.found
            }
            return LedgerFolder(words[option + 1])
        }

        /// The files with an ending in the folder that a beginning of a path is in, and the folders.
        private static func files(endingIn endings: [String], _ prefix: String) -> [String] {
            let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
            let names = try? FileManager.default
                .contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)
            return (names ?? []).filter { name in endings.contains { name.hasSuffix($0) } }
                .map { folder + $0 }.sorted()
        }
    }
#endif
