// SPDX-License-Identifier: Apache-2.0

/// A slow and plain reader of comma-separated values, which sees the whole input at once.
struct CSVReference {
    /// A record by the line it begins on: its fields, or `nil` if it is rejected.
    struct Record: Equatable {
        var line: Int
        var fields: [[UInt8]]?
    }

    static func records(_ input: [UInt8], columnCount: Int?) -> [Record] {
        var rest = input.starts(with: [0xef, 0xbb, 0xbf]) ? Array(input.dropFirst(3)) : input
        var line = 1
        var records: [Record] = []
        while !rest.isEmpty {
            let (fields, length) = record(rest)
            var used = length
            if let fields, columnCount == nil || fields.count == columnCount || fields == [[]] {
                let isReadable = fields.allSatisfy {
                    !$0.contains(0) && String(validating: $0, as: UTF8.self) != nil
                }
                // An empty line; what comes from a pair of quotes is an empty field.
                let isBlank = fields == [[]] && rest[0] != UInt8(ascii: "\"")
                let isWrongCount = columnCount.map { $0 != fields.count } ?? false
                if !isBlank {
                    let isGood = isReadable && !isWrongCount
                    records.append(Record(line: line, fields: isGood ? fields : nil))
                }
            } else {
                used = (rest.firstIndex(of: 0x0a) ?? rest.count - 1) + 1
                records.append(Record(line: line, fields: nil))
            }
            line += rest[..<used].count { $0 == 0x0a }
            rest.removeFirst(used)
        }
        return records
    }

    /// The fields of the record in front, or `nil` if it is not of the form, and its length with
    /// its line end.
    private static func record(_ bytes: [UInt8]) -> (fields: [[UInt8]]?, length: Int) {
        var fields: [[UInt8]] = []
        var index = 0
        while true {
            guard let (field, end) = field(bytes, index) else { return (nil, 0) }
            fields.append(field)
            let after = bytes[end...]
            if after.isEmpty { return (fields, end) }
            if after.starts(with: "\n".utf8) { return (fields, end + 1) }
            if after.starts(with: "\r\n".utf8) { return (fields, end + 2) }
            guard after.starts(with: ",".utf8) else { return (nil, 0) }
            index = end + 1
        }
    }

    /// The field that starts at an index, and where it ends; `nil` if it is not of the form.
    private static func field(_ bytes: [UInt8], _ start: Int) -> ([UInt8], Int)? {
        guard start < bytes.count, bytes[start] == UInt8(ascii: "\"") else {
            let end = bytes[start...].firstIndex { ",\r\n".utf8.contains($0) } ?? bytes.count
            let field = Array(bytes[start..<end])
            return field.contains(UInt8(ascii: "\"")) ? nil : (field, end)
        }
        var field: [UInt8] = []
        var index = start + 1
        while index < bytes.count {
            if bytes[index] != UInt8(ascii: "\"") {
                field.append(bytes[index])
                index += 1
            } else if bytes[index...].starts(with: "\"\"".utf8) {
                field.append(bytes[index])
                index += 2
            } else {
                return (field, index + 1)
            }
        }
        return nil
    }
}
