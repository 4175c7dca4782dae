// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle
import UnixSignals

/// SIGHUP reads the configuration and the credentials again.
struct HangupReload: Service {
    /// Trapped before anybody can think that the daemon runs: from then on a signal neither ends it nor gets lost.
    let hangups: UnixSignalsSequence
    let reloader: Reloader

    func run() async throws {
        for await _ in self.hangups.cancelOnGracefulShutdown() {
            // A mistake was logged, and the old configuration stays in force.
            _ = try? self.reloader.reload()
        }
    }
}
