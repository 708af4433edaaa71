// SPDX-License-Identifier: Apache-2.0

#if Service
    import LedgerModel
    import LedgerReports
    import LedgerText
    import QuotaLedger
    import Rulebook

    /// The device catalogue in force, with what a ledger says of it.
    struct DeviceShelf {
        let report: DeviceReport
        /// The file of the catalogue, byte for byte.
        let bytes: [UInt8]
        /// The day of the newest entry; today without a ledger.
        let day: CivilDate
        /// Whether the ledger is advisory; `nil` without one.
        let isAdvisory: Bool?

        /// The catalogue of the ledger that is named, or the one that comes with the program.
        init(_ options: LedgerOptions) throws {
            if options.isNamed {
                try self.init(try options.folder.openForReading())
            } else {
                try self.init(shipped: ShippedFile.devices)
            }
        }

        /// A catalogue that comes with the program.
        private init(shipped file: ShippedFile) throws {
            bytes = file.bytes
            report = DeviceReport(
                try DeviceCatalogue.load(bytes: file.bytes, fileName: file.fileName),
                under: try ShippedRulebook.brief.load()
            )
            day = systemTime().day
            isAdvisory = nil
        }

        /// The catalogue that a ledger has adopted last.
        init(_ log: OpenLog) throws {
            let registers = try LedgerRegisters(log)
            let adoptions = registers.devices
            let adopted = try adoptions.map { adoption in
                AdoptedCatalogue(
                    entry: adoption.entry,
                    time: adoption.time,
                    catalogue: try DeviceCatalogue.load(
                        bytes: adoption.bytes,
                        fileName: "entry \(adoption.entry)"
                    )
                )
            }
            guard let newest = adoptions.last, let catalogue = adopted.last?.catalogue else {
                throw Rejection(
                    .unknownDevice,
                    field: "--ledger",
                    found: "no adopted catalogue",
                    expected: "one: run 'headroom devices adopt' first"
                )
            }
            let time = try log.newestTime() ?? .earliest
            bytes = newest.bytes
            report = DeviceReport(
                catalogue,
                adopted: adopted,
                under: try registers.rulebookInForce(at: time)
            )
            day = time.day
            isAdvisory = log.isAdvisory
        }

        /// What a device is answered that the catalogue does not have.
        func unknown(_ device: DeviceIdentifier, field: String) -> Rejection {
            let names = report.catalogue.ratings.map(\.device.text)
            let guess = Suggestions.closest(to: device.text, in: names)
            return Rejection(
                .unknownDevice,
                field: field,
                found: device.text,
                expected: "a device of the catalogue: see 'headroom devices list'"
                    + (guess.map { "; did you mean '\($0)'?" } ?? "")
            )
        }

        /// The lines below every text: where the catalogue and the word "controlled" come from.
        var closing: [String] {
            let source =
                report.adopted.last.map { "adopted by entry \($0.entry), \($0.time)" }
                ?? "comes with the program"
            let rulebook = report.rulebook
            return [
                "catalogue \(source); controlled under \(rulebook.name) version \(rulebook.version)"
            ] + (isAdvisory == true ? ["as if enforced"] : [])
        }

        /// Writes where the catalogue and the word "controlled" come from.
        func write(to writer: inout JSONWriter) {
            writer.key("adopted_by")
            if let entry = report.adopted.last?.entry {
                writer.integer(entry.rawValue)
            } else {
                writer.null()
            }
            writer.member("rulebook", report.rulebook.name.text)
        }
    }

    extension LedgerRegisters {
        /// The rulebook by which catalogues are read: the one in force at a time, before the first one
        /// the brief.
        func rulebookInForce(at time: LedgerTime) throws -> Rulebook {
            try RulebookAdopting.rulebook(
                at: time,
                of: rulebooks.map {
                    RulebookAdopting(entry: $0.entry, time: $0.time, bytes: $0.bytes)
                }
            ) ?? ShippedRulebook.brief.load()
        }
    }
#endif
