// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Peers

@Suite struct DocumentationTests {
    /// What the peers are given stands in the documentation word for word.
    @Test(arguments: PeerStatement.all.indices)
    func statementsAreShownAsTheyAreRun(_ index: Int) throws {
        let page = URL(fileURLWithPath: #filePath)
            .appendingPathComponent("../../../../../docs/engineers/peers.md").standardized
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(text.contains(PeerStatement.all[index].markdown))
    }
}
