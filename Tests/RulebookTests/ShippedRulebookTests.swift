// SPDX-License-Identifier: Apache-2.0
import Rulebook
import Testing
@Test func shippedParse() throws { for book in ShippedRulebook.all { _ = try book.load() } }
