// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

extension DeviceCatalogue {
    /// Every rating of a device, in order of their first days; none of one that it does not have.
    public func ratings(of device: DeviceIdentifier) -> [DeviceRating] {
        ratings.filter { $0.device == device }.sorted { $0.from < $1.from }
    }

    /// A catalogue file with one rating more, in place of the one with the same device and first
    /// day if there is one.
    ///
    /// The comments before the header stay; the same rating again gives the same bytes.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - rating: The rating; it stands behind the others of its device, or at the end.
    ///   - fileName: What errors call the file.
    /// - Returns: The new file, which ``load(bytes:fileName:)`` reads.
    /// - Throws: ``RulebookError`` if one of the two files is not valid.
    public static func file(
        _ bytes: [UInt8],
        with rating: DeviceRating,
        fileName: String
    ) throws(RulebookError) -> [UInt8] {
        var ratings = try load(bytes: bytes, fileName: fileName).ratings
        let same = ratings.firstIndex { $0.device == rating.device && $0.from == rating.from }
        if let same {
            ratings[same] = rating
        } else {
            let last = ratings.lastIndex { $0.device == rating.device }
            ratings.insert(rating, at: last.map { $0 + 1 } ?? ratings.count)
        }
        let changed = comments(of: bytes) + file(of: ratings)
        _ = try load(bytes: changed, fileName: fileName)
        return changed
    }

    /// Ratings as a file, without comments.
    static func file(of ratings: [DeviceRating]) -> [UInt8] {
        var text = columns.joined(separator: ",") + "\n"
        for rating in ratings {
            let cells = [
                rating.device.text, rating.vendor, rating.from.description,
                "\(rating.tpp.rawValue)", rating.density?.description ?? "",
                rating.isForDataCenters ? "yes" : "no", rating.source, rating.note,
            ]
            text += cells.map(cell).joined(separator: ",") + "\n"
        }
        return Array(text.utf8)
    }

    /// The lines before the header that begin with `#`.
    private static func comments(of bytes: [UInt8]) -> [UInt8] {
        var end = bytes.startIndex
        while end < bytes.endIndex, bytes[end] == UInt8(ascii: "#") {
            end = bytes[end...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.endIndex
        }
        return Array(bytes[..<end])
    }

    private static func cell(_ text: String) -> String {
        let marks: [UInt8] = [0x22, 0x2c, 0x0a, 0x0d]
        // A number sign at the beginning of a line would be a comment to others who read the file.
        guard text.utf8.contains(where: marks.contains) || text.hasPrefix("#") else { return text }
        return "\""
            + text.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }
}
