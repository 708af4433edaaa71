// SPDX-License-Identifier: Apache-2.0

import CPostgreSQL

/// Parameters of a statement in PostgreSQL's binary form: numbers in network order, arrays with
/// their dimensions in front.
struct PostgreSQLParameters {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// Takes all parameters out and keeps the memory.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    /// Appends an `int`.
    mutating func append(_ value: Int32) {
        put(value)
        ends.append(bytes.count)
    }

    /// Appends a `bigint`.
    mutating func append(_ value: Int64) {
        put(value)
        ends.append(bytes.count)
    }

    /// Appends an `int[]`.
    mutating func append(_ values: [Int32]) {
        putArrayHeader(elementType: 23, count: values.count)
        for value in values {
            put(Int32(4))
            put(value)
        }
        ends.append(bytes.count)
    }

    /// Appends a `bigint[]`.
    mutating func append(_ values: [Int64]) {
        putArrayHeader(elementType: 20, count: values.count)
        for value in values {
            put(Int32(8))
            put(value)
        }
        ends.append(bytes.count)
    }

    private mutating func putArrayHeader(elementType: Int32, count: Int) {
        put(Int32(1))  // dimensions
        put(Int32(0))  // no nulls
        put(elementType)
        put(Int32(truncatingIfNeeded: count))
        put(Int32(1))  // the first index
    }

    private mutating func put(_ value: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: value.bigEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// Runs a prepared statement with these parameters and waits; the result is in binary form.
    func execute(_ name: String, on connection: OpaquePointer) -> OpaquePointer? {
        let (lengths, formats) = lengthsAndFormats()
        return unsafe bytes.withUnsafeBytes { buffer in
            let values = unsafe pointers(into: buffer)
            let count = Int32(ends.count)
            return unsafe PQexecPrepared(connection, name, count, values, lengths, formats, 1)
        }
    }

    /// Sends a prepared statement with these parameters; 1 if it could be sent.
    func send(_ name: String, on connection: OpaquePointer) -> Int32 {
        let (lengths, formats) = lengthsAndFormats()
        return unsafe bytes.withUnsafeBytes { buffer in
            let values = unsafe pointers(into: buffer)
            let count = Int32(ends.count)
            return unsafe PQsendQueryPrepared(connection, name, count, values, lengths, formats, 1)
        }
    }

    private func lengthsAndFormats() -> (lengths: [Int32], formats: [Int32]) {
        var lengths: [Int32] = []
        var start = 0
        for end in ends {
            lengths.append(Int32(truncatingIfNeeded: end - start))
            start = end
        }
        return (lengths, [Int32](repeating: 1, count: ends.count))
    }

    private func pointers(into buffer: UnsafeRawBufferPointer) -> [UnsafePointer<CChar>?] {
        var values: [UnsafePointer<CChar>?] = unsafe []
        var start = 0
        for end in ends {
            let address = unsafe buffer.baseAddress.map { unsafe $0 + start }
            unsafe values.append(address?.assumingMemoryBound(to: CChar.self))
            start = end
        }
        return unsafe values
    }
}

/// Values of a result in PostgreSQL's binary form.
enum PostgreSQLValue {
    /// Reads a `smallint`.
    static func small(_ bytes: [UInt8]) throws(PeerError) -> Int16 {
        guard bytes.count == 2 else { throw PeerError("PostgreSQL sent no smallint") }
        return Int16(bitPattern: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
    }

    /// Reads a `smallint[]` without nulls.
    static func smallArray(_ bytes: [UInt8]) throws(PeerError) -> [Int16] {
        let headerCount = 20
        let elementCount = 6
        guard bytes.count >= headerCount, (bytes.count - headerCount) % elementCount == 0 else {
            throw PeerError("PostgreSQL sent no smallint[]")
        }
        return stride(from: headerCount, to: bytes.count, by: elementCount).map { place in
            Int16(bitPattern: UInt16(bytes[place + 4]) << 8 | UInt16(bytes[place + 5]))
        }
    }
}
