// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerModel
import LedgerText
import Testing

/// The files that the documentation shows are read as it says.
@Suite struct ExampleFileTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func rows(_ bytes: [UInt8]) throws -> [OrderRow] {
        let caller = Actor(
            organisation: OrganisationIdentifier(checked: "importer"),
            person: PersonIdentifier(checked: "importer"),
            role: .operator
        )
        var reader = OrderReader(caller: caller)
        reader.append(bytes)
        reader.finish()
        var rows: [OrderRow] = []
        while let row = try reader.next() { rows.append(row) }
        return rows
    }

    @Test(arguments: [
        "announced/orders.csv", "hypothetical/orders-1.csv", "hypothetical/orders-2.csv",
        "hypothetical/orders-3.csv", "hypothetical/orders-4.csv", "hypothetical/orders-5.csv",
    ])
    func everyRowOfTheExamplesIsAnOrder(name: String) throws {
        let file = Self.root.appending(path: "docs/examples").appending(path: name)
        let rows = try rows(Array(Data(contentsOf: file)))
        #expect(!rows.isEmpty)
        #expect(rows.compactMap(\.problem) == [])
    }

    @Test func theReferencePageShowsAFileThatReads() throws {
        let page = try String(
            contentsOf: Self.root.appending(path: "docs/reference/orders-csv.md"),
            encoding: .utf8
        )
        let sample = try #require(page.components(separatedBy: "```csv\n").dropFirst().first)
        let rows = try rows(Array(sample.components(separatedBy: "```")[0].utf8))
        #expect(rows.count == 2)
        #expect(rows.compactMap(\.problem) == [])
    }

    @Test func theReferencePageShowsJSONThatReads() throws {
        let page = try String(
            contentsOf: Self.root.appending(path: "docs/reference/json.md"),
            encoding: .utf8
        )
        let samples = page.components(separatedBy: "```json\n").dropFirst()
        #expect(samples.count == 6)
        for sample in samples {
            let text = sample.components(separatedBy: "```")[0]
            #expect(throws: Never.self) { try JSONTree.read(Array(text.utf8)) }
        }
    }
}
