// SPDX-License-Identifier: Apache-2.0

/// The fields that an order may have in a format.
struct OrderFields: Sendable {
    /// All of them, in the order in which messages list them.
    let all: [String]
    /// The list for a message.
    let inWords: String

    static let required = ["id", "consignee", "destination", "end_use"]

    /// The columns of a CSV file.
    static let columns = OrderFields(
        all: common + pairs.flatMap { [$0.device, $0.quantity] },
        inWords: "the columns are " + common.joined(separator: ", ")
            + ", and device_2, quantity_2 to device_9, quantity_9"
    )

    /// The keys of an object of JSON.
    static let keys = OrderFields(
        all: common + ["lines", "kind"],
        inWords: "the keys are " + (common + ["lines", "kind"]).joined(separator: ", ")
    )

    /// The pairs of columns for the second to the ninth device of an order.
    static let pairs: [(device: String, quantity: String)] =
        (2...9).map { ("device_\($0)", "quantity_\($0)") }

    private static let common =
        required + ["device", "quantity", "tpp", "h100e"]
        + ["time", "deadline", "reference", "exporter", "person", "up_to"]

    /// The field that a name was probably meant to be.
    func closest(to name: String) -> String? {
        let plain = Array(
            name.lowercased().utf8.prefix(32).map { [0x20, 0x2d].contains($0) ? 0x5f : $0 }
        )
        let distances = all.map { (name: $0, distance: editDistance(Array($0.utf8), plain)) }
        guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance * 3 <= best.name.utf8.count ? best.name : nil
    }
}

/// How many bytes have to be put in, taken out or changed to make one text of the other
/// (Levenshtein).
package func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (index, byte) in left.enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for column in right.indices {
            let change = diagonal + (byte == right[column] ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(change, diagonal + 1, row[column] + 1)
        }
    }
    return row[right.count]
}
