// SPDX-License-Identifier: Apache-2.0
import CLMDB

extension MDB_val {
    /// Lends what LMDB has pointed at.
    ///
    /// The caller says why it lives that long.
    @unsafe func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let buffer = unsafe UnsafeRawBufferPointer(start: mv_data, count: mv_size)
        return try body(unsafe buffer.bytes)
    }
}

extension RawSpan {
    /// Lends the bytes in LMDB's form.
    ///
    /// LMDB only reads them, and only during the call.
    func withMappedBytes(_ body: (inout MDB_val) -> Int32) -> Int32 {
        unsafe withUnsafeBytes { buffer in
            // LMDB copies from the address even where there is nothing to copy: it must be one.
            var placeholder: UInt8 = 0
            return unsafe withUnsafeMutableBytes(of: &placeholder) { nothing in
                let start = unsafe UnsafeMutableRawPointer(mutating: buffer.baseAddress)
                var value = unsafe MDB_val(
                    mv_size: buffer.count,
                    mv_data: start ?? nothing.baseAddress
                )
                return unsafe body(&value)
            }
        }
    }
}

extension DatabaseKey {
    /// Lends the key in LMDB's form.
    func withMappedBytes(_ body: (inout MDB_val) -> Int32) -> Int32 {
        withKeyBytes { unsafe $0.withMappedBytes(body) }
    }
}
