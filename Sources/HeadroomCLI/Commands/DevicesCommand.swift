// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import Rulebook

    /// `headroom devices`.
    struct DevicesCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "devices",
            abstract: "The device catalogue: list, show, add, rerate, adopt.",
            discussion: """
                Examples:
                  headroom devices list
                  headroom devices show GB300
                  headroom devices adopt devices-2026.csv --id devices-2026
                """,
            subcommands: [
                DevicesListCommand.self, DevicesShowCommand.self, DevicesAddCommand.self,
                DevicesRerateCommand.self, Adopt.self,
            ]
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
                      headroom devices list --format file > devices-2026.csv
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
    }
#endif
