// SPDX-License-Identifier: Apache-2.0

/// Why the sockets we were given cannot be served. The daemon must not start then: systemd would go on queueing clients
/// that no process answers.
package enum ListenDescriptorsError: Error, Sendable, Equatable {
    /// What is wrong with a descriptor that was passed.
    package enum Problem: Sendable, Equatable {
        case unknownName(String)
        case duplicate(name: String)
        case wrongKind(name: String, descriptor: CInt)
    }

    case refused([Problem])
    case system(code: CInt)
}

extension ListenDescriptorsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let problems): problems.map(\.description).joined(separator: "; ")
        case .system(let code): "The sockets passed by systemd could not be taken over (errno \(code))"
        }
    }
}

extension ListenDescriptorsError.Problem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownName(let name):
            "A socket named \"\(name)\" was passed, and only \"http\" and \"control\" are known: "
                + "set FileDescriptorName= in the socket unit"
        case .duplicate(let name):
            "Two sockets named \"\(name)\" were passed"
        case .wrongKind("control", let descriptor):
            "The socket named \"control\" (descriptor \(descriptor)) is not a listening Unix stream socket"
        case .wrongKind(let name, let descriptor):
            "The socket named \"\(name)\" (descriptor \(descriptor)) is not a listening stream socket"
        }
    }
}
