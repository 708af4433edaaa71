// SPDX-License-Identifier: Apache-2.0

#if Service
    import LedgerText
    import QuotaLedger
    import ArgumentParser
    import LedgerModel
    import LedgerReports
    import Rulebook

    /// `headroom devices`.
    struct DevicesCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "devices",
            abstract: "The device catalogue: adopt, list.",
            discussion: """
                Examples:
                  headroom devices list
                  headroom devices adopt devices-2026.csv --id devices-2026
                """,
            subcommands: [Adopt.self, List.self]
        )

        /// A catalogue file that a user named.
        static func file(_ path: String) throws(CommandFailure) -> [UInt8] {
            let bytes = try InputFile.contents(
                of: path,
                atMost: RulebookAdoption.maximumByteCount,
                called: "devices"
            )
            do throws(RulebookError) {
                _ = try DeviceCatalogue.load(bytes: bytes, fileName: path)
            } catch {
                throw CommandFailure(error)
            }
            return bytes
        }

        struct Adopt: Verb {
            static let configuration = CommandConfiguration(
                abstract: "Adopt a device catalogue; it replaces the one before.",
                discussion: """
                    Examples:
                      headroom devices adopt
                      headroom devices adopt devices-2026.csv --id devices-2026
                    """
            )

            @Argument(
                help: "The file (default: the catalogue that comes with the program).",
                completion: .file(extensions: ["csv"])
            )
            var file: String?

            @OptionGroup var options: ProposableOptions

            func perform() throws -> ExitStatus {
                let bytes = try file.map(DevicesCommand.file) ?? ShippedFile.devices.bytes
                return try options.submit(.adoptDevices(DeviceAdoption(bytes: bytes)))
            }
        }

        struct List: Verb {
            static let configuration = CommandConfiguration(
                abstract: "List the devices that the ledger has adopted.",
                discussion: """
                    Without a ledger: those that come with the program.

                    Examples:
                      headroom devices list
                      headroom devices list --json
                    """
            )

            @OptionGroup var ledger: LedgerOptions
            @OptionGroup var output: OutputOptions

            func perform() throws -> ExitStatus {
                let log = ledger.isNamed ? try ledger.folder.openForReading() : nil
                let adopted = try log.map { try ledger.folder.core(of: $0).adoptedDevices }
                if log != nil, adopted ?? nil == nil {
                    throw Rejection(
                        .unknownDevice,
                        field: "--ledger",
                        found: "no adopted catalogue",
                        expected: "one: run 'headroom devices adopt' first"
                    )
                }
                let bytes = (adopted ?? nil) ?? ShippedFile.devices.bytes
                let catalogue = try DeviceCatalogue.load(bytes: bytes, fileName: "devices")
                if output.json {
                    try showJSON(catalogue, log)
                    return .done
                }
                var table = TextTable([
                    .word("device"), .text("vendor"), .word("from"), .number("TPP"),
                    .number("density"), .word("data center"),
                ])
                for rating in catalogue.ratings {
                    table.append(
                        [
                            rating.device.text, rating.vendor, rating.from.description,
                            "\(rating.tpp.rawValue)", rating.density?.description ?? "",
                            rating.isForDataCenters ? "yes" : "no",
                        ].map { TextTable.Cell($0) }
                    )
                }
                try ResultText.write(table, ifEmpty: "no devices")
                if let log { try ResultText.writeBasis(log) }
                return .done
            }

            private func showJSON(_ catalogue: DeviceCatalogue, _ log: OpenLog?) throws {
                try Output.document(asIfEnforced: log?.isAdvisory) { writer in
                    writer.key("devices")
                    writer.beginArray()
                    for rating in catalogue.ratings {
                        writer.beginObject()
                        writer.member("device", rating.device.text)
                        writer.member("vendor", rating.vendor)
                        writer.member("from", rating.from)
                        writer.member("tpp", rating.tpp.rawValue)
                        writer.member("performance_density", rating.density?.description)
                        writer.member("data_center", rating.isForDataCenters)
                        writer.member("source", rating.source)
                        writer.member("note", rating.note.isEmpty ? nil : rating.note)
                        writer.endObject()
                    }
                    writer.endArray()
                }
            }
        }
    }
#endif
