// SPDX-License-Identifier: Apache-2.0

import CSystemd
import Glibc

/// The listening sockets systemd opened for us, by the names their socket units give them.
///
/// Their order is not the order of the unit files, so only the names count.
package struct ListenDescriptors: Sendable, Equatable {
    /// Several when the socket unit listens on several addresses.
    package var http: [CInt] = []
    /// The socket for `qwenproxyctl`, where one was passed.
    package var control: CInt?

    static let empty = ListenDescriptors()

    /// Takes what was passed to this process, once: the variables are unset, so that no child takes the same sockets for
    /// its own. Call it before any thread starts, because it changes the environment.
    package static func inherit() throws(ListenDescriptorsError) -> ListenDescriptors {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = unsafe sd_listen_fds_with_names(1, &names)
        guard count >= 0 else { throw .system(code: -count) }
        var received: [(name: String, descriptor: CInt)] = []
        for index in 0..<Int(count) {
            let name = unsafe names?[index]
            unsafe received.append((name.map { unsafe String(cString: $0) } ?? "", SD_LISTEN_FDS_START + CInt(index)))
            // The names and their list are the caller's to free (sd_listen_fds_with_names(3)).
            unsafe free(name)
        }
        unsafe free(names)
        return try Self.assign(received)
    }

    /// All that is wrong is reported at once.
    static func assign(
        _ received: [(name: String, descriptor: CInt)],
    ) throws(ListenDescriptorsError) -> ListenDescriptors {
        var assigned = ListenDescriptors()
        var problems: [ListenDescriptorsError.Problem] = []
        for (name, descriptor) in received {
            switch name {
            // Of any family: the socket unit may name an IP address or a path.
            case "http" where Self.isListening(descriptor, family: AF_UNSPEC):
                assigned.http.append(descriptor)
            case "control" where Self.isListening(descriptor, family: AF_UNIX):
                if assigned.control == nil {
                    assigned.control = descriptor
                } else {
                    problems.append(.duplicate(name: name))
                }
            case "http", "control":
                problems.append(.wrongKind(name: name, descriptor: descriptor))
            default:
                problems.append(.unknownName(name))
            }
        }
        // A set of sockets that is served in part would leave the clients of the others waiting for ever.
        guard problems.isEmpty else { throw .refused(problems) }
        return assigned
    }

    private static func isListening(_ descriptor: CInt, family: CInt) -> Bool {
        // 1: it has to be listening. One with Accept=yes would be a single connection.
        sd_is_socket(descriptor, family, CInt(SOCK_STREAM.rawValue), 1) > 0
    }
}
