// SPDX-License-Identifier: Apache-2.0

public import Glibc

/// A path in the form that `bind` and `connect` take.
public struct UnixSocketAddress: Sendable {
    /// The path and its terminating NUL must fit into `sun_path`.
    public static let maximumPathLength = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// Absolute, and short enough for the kernel.
    public let path: String
    private let storage: sockaddr_un

    /// Nil when the path is empty, too long, or holds a NUL.
    public init?(path: String) {
        let bytes = Array(path.utf8)
        // With a NUL it would silently be the address of another socket.
        guard !bytes.isEmpty, bytes.count <= Self.maximumPathLength, !bytes.contains(0) else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        self.path = path
        self.storage = address
    }

    /// The address is valid only while `body` runs.
    public func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        unsafe withUnsafePointer(to: self.storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
