// SPDX-License-Identifier: Apache-2.0

extension OracleRulebook {
    /// The rulebook file with this content.
    public func yaml() -> [UInt8] { Array("\(self)".utf8) }
}

extension OracleDevices {
    /// The catalogue file with these rows.
    public static func csv(_ rows: [OracleDevice]) -> [UInt8] { Array("\(rows)".utf8) }
}
