// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Peers

@Suite struct WireTests {
    @Test func commandsAreArraysOfBulkStrings() {
        var bytes: [UInt8] = []
        RESP.append(["SET", "clé", ""], to: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == "*3\r\n$3\r\nSET\r\n$4\r\nclé\r\n$0\r\n\r\n"
        )
    }

    @Test(arguments: [0, 7, 10, -1, 4_096, Int.max, Int.min])
    func numbersAreDecimal(_ number: Int) {
        var bytes: [UInt8] = [65]
        RESP.appendDecimal(number, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "A\(number)")
    }

    @Test func repliesAreReadPieceByPiece() throws {
        let text =
            "+OK\r\n:-12\r\n$5\r\na\r\nbc\r\n$-1\r\n*2\r\n:1\r\n$1\r\nx\r\n*-1\r\n-ERR no\r\n"
        let expected: [RESPReply] = [
            .status("OK"), .number(-12), .text("a\r\nbc"), .text(nil),
            .list([.number(1), .text("x")]), .list(nil), .error("ERR no"),
        ]
        for piece in [1, 2, 3, 7, 1_000] {
            var parser = RESPParser()
            var replies: [RESPReply] = []
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: piece) {
                parser.receive(bytes[start..<min(start + piece, bytes.count)])
                while let reply = try parser.next() { replies.append(reply) }
            }
            #expect(replies == expected, "pieces of \(piece)")
        }
    }

    @Test(arguments: ["?\r\n", ":12x\r\n", ":99999999999999999999\r\n", "$y\r\n"])
    func whatIsNoReplyIsThrown(_ text: String) {
        var parser = RESPParser()
        parser.receive(text.utf8)
        #expect(throws: PeerError.self) { () throws in _ = try parser.next() }
    }

    @Test func smallintsAreReadInNetworkOrder() throws {
        let small = try PostgreSQLValue.small([0xff, 0xff])
        #expect(small == -1)
        let header: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 21, 0, 0, 0, 2, 0, 0, 0, 1]
        let array = header + [0, 0, 0, 2, 0, 2, 0, 0, 0, 2, 0xff, 0xff]
        let two = try PostgreSQLValue.smallArray(array)
        #expect(two == [2, -1])
        #expect(throws: PeerError.self) { () throws in
            _ = try PostgreSQLValue.smallArray(Array(array.dropLast()))
        }
    }

    @Test func theLimitsOfABatchAreListedOnce() {
        let workload = testStream(.hotCountry, .all, seed: 1)
        var slots = SlotTable()
        for piece in [0..<100, 100..<117, 0..<100] {
            slots.fill(workload, piece)
            #expect(slots.limits == Set(slots.limits).sorted())
            for (offset, claim) in workload.claims[piece].enumerated() {
                let route = workload.routes[Int(claim.party)]
                #expect(slots.limits[Int(slots.parties[offset]) - 1] == route.party)
                #expect(slots.limits[Int(slots.groups[offset]) - 1] == route.group)
                #expect(slots.limits[Int(slots.countries[offset]) - 1] == route.country)
                #expect(slots.amounts[offset] == claim.amount)
            }
        }
    }
}
