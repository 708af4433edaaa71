// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A connection to Redis over a Unix socket, closed when it goes away.
///
/// One thread at a time.
final class RedisConnection {
    private let descriptor: Int32
    private var parser = RESPParser()
    private var received = [UInt8](repeating: 0, count: 65_536)

    init(socketPath: String) throws(PeerError) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw PeerError("no socket: errno \(errno)") }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(socketPath.utf8)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else {
            close(descriptor)
            throw PeerError("the socket's path is too long: \(socketPath)")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
        let code = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else {
            let number = errno
            close(descriptor)
            throw PeerError("Redis does not listen at \(socketPath): errno \(number)")
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Sends bytes that hold whole commands.
    func send(_ bytes: [UInt8]) throws(PeerError) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[sent...])
                return unsafe write(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw PeerError("Redis takes no more: errno \(errno)") }
            sent += count
        }
    }

    /// Waits for the next reply; an error reply is thrown.
    func receive() throws(PeerError) -> RESPReply {
        while true {
            if let reply = try parser.next() {
                if case .error(let text) = reply { throw PeerError("Redis: \(text)") }
                return reply
            }
            let count = unsafe received.withUnsafeMutableBytes { buffer in
                unsafe read(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw PeerError("Redis hung up: errno \(errno)") }
            parser.receive(received[..<count])
        }
    }

    /// Sends a command and waits for its reply.
    @discardableResult
    func call(_ words: String...) throws(PeerError) -> RESPReply {
        var bytes: [UInt8] = []
        RESP.append(words, to: &bytes)
        try send(bytes)
        return try receive()
    }
}
