// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

extension Rejection {
    /// The rejection in one line for people, with where it was found.
    ///
    /// `orders.csv:17: unknown-device: device: found 'H999', expected …`
    ///
    /// - Parameters:
    ///   - file: The file, as the caller named it.
    ///   - line: The line in it, from 1.
    public func line(inFile file: String? = nil, atLine line: Int? = nil) -> String {
        let place =
            switch (file, line) {
            case (let file?, let line?): "\(file):\(line): "
            case (let file?, nil): "\(file): "
            case (nil, let line?): "line \(line): "
            case (nil, nil): ""
            }
        return plainText(place + description)
    }
}
