// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// One tiny request to an upstream through the daemon, or one for each thing that can be found out, with a sign of life on
/// the terminal while it takes its time.
enum UpstreamTrial {
    private static let limit = Duration.seconds(120)
    private static let deepLimit = Duration.seconds(1800)

    /// - Parameter name: nil for the one that answers when no route says otherwise.
    /// - Returns: nil when the user ended the wait while signals were held.
    static func run(
        _ client: ControlClient, _ name: String?, deep: Bool = false,
    ) throws(ControlError) -> UpstreamTestReport? {
        var replies = try client.openTest(name, deep: deep)
        let start = ContinuousClock.now
        defer { Terminal.progress(nil) }
        while true {
            let seconds = (ContinuousClock.now - start).components.seconds
            let what = "Testing \(name ?? "the upstream")\(deep ? " with one request after the other" : "")"
            Terminal.progress("\(what) ...\(seconds > 0 ? " \(seconds) s" : "")")
            var entry = pollfd(fd: replies.descriptor, events: Int16(POLLIN), revents: 0)
            // Short, since the seconds shown go on, and a held signal does not interrupt the wait.
            if unsafe poll(&entry, 1, 250) > 0, let reply = try replies.nextIfReady() { return reply.parameters }
            // Ctrl-Z alone does not end the test: it takes effect after it.
            if EndSignals.isEndPending { return nil }
            // The daemon answers a failed test by itself; this is for a daemon that hangs.
            guard ContinuousClock.now - start < (deep ? Self.deepLimit : Self.limit) else {
                throw .connection(.timedOut(path: client.paths.first ?? ""))
            }
        }
    }
}
