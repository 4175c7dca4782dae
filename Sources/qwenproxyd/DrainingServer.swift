// SPDX-License-Identifier: Apache-2.0

import Configuration
import Control
import Logging
import Server
import ServiceLifecycle
import ServiceManager

/// Lets the requests that run finish, within the limit, when the daemon stops or was replaced.
struct DrainingServer: Service {
    let server: HTTPServer
    let operations: DaemonOperations
    let succession: Succession
    let handOver: ControlHandOver
    let store: ConfigurationStore
    let terminations: TerminationSignals
    let notifier: ServiceNotifier
    let logger: Logger

    /// For the last bytes of what was cut, and the end of everything else.
    private static let reserve = Duration.seconds(15)

    func run() async throws {
        try? await gracefulShutdown()
        self.operations.drainingBegan()
        guard !self.succession.serviceEnds() else {
            await self.finishOwnRequests()
            // The answer to the restart command itself goes out from this process.
            await self.handOver.waitForLastAnswer(within: .seconds(1))
            return
        }
        let limit = self.store.current.server.drainTimeout
        // Longer than the unit's TimeoutStopSec=, where the settings say so.
        let needed = (limit + Self.reserve) / .microseconds(1)
        self.notifier.notify(.extendTimeout(microseconds: UInt64(needed)))
        self.logger.info(
            "Draining",
            metadata: ["requests.active": "\(self.server.activeRequests)", "drain.limit": "\(limit)"])
        await self.server.quiesce(deadline: .now + limit)
    }

    /// Another process serves. What was begun here may take long, until this one is told to stop as well: by the service
    /// manager, which stops all processes of the service, or at the terminal.
    private func finishOwnRequests() async {
        let server = self.server
        let settings = self.store.current.server
        let terminations = self.terminations.received
        let succession = self.succession
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await succession.report() }
            group.addTask { await server.waitUntilEmpty(deadline: .now + settings.handOverTimeout) }
            group.addTask {
                for await _ in terminations {
                    return await server.waitUntilEmpty(deadline: .now + settings.drainTimeout)
                }
            }
            await group.next()
            group.cancelAll()
        }
    }
}
