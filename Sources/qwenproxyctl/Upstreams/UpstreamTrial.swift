// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// One tiny request to an upstream through the daemon, with a sign of life on the terminal while it takes its time.
enum UpstreamTrial {
    private static let limit = Duration.seconds(120)

    /// - Parameter name: nil for the one that answers when no route says otherwise.
    /// - Returns: nil when the user ended the wait while signals were held.
    static func run(_ client: ControlClient, _ name: String?) throws(ControlError) -> UpstreamTestReport? {
        var replies = try client.openTest(name)
        let start = ContinuousClock.now
        defer { Terminal.progress(nil) }
        while true {
            let seconds = (ContinuousClock.now - start).components.seconds
            Terminal.progress("Asking \(name ?? "the upstream") for one word ... \(seconds > 0 ? "\(seconds) s" : "")")
            var entry = pollfd(fd: replies.descriptor, events: Int16(POLLIN), revents: 0)
            if unsafe poll(&entry, 1, 250) > 0, let reply = try replies.nextIfReady() { return reply.parameters }
            if EndSignals.isEndPending { return nil }
            guard ContinuousClock.now - start < Self.limit else {
                throw .connection(.timedOut(path: client.paths.first ?? ""))
            }
        }
    }
}
