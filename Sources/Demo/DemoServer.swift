// SPDX-License-Identifier: Apache-2.0

package import Logging
package import NIOCore
import Server

/// The demo upstream's own listener. Nothing listens until the first request needs it.
package actor DemoServer {
    private let server: HTTPServer
    private var binding: Task<Void, any Error>?

    package init(group: any EventLoopGroup, logger: Logger) {
        var logger = logger
        logger[metadataKey: "server.role"] = "demo"
        self.server = HTTPServer(responder: DemoUpstream(), group: group, logger: logger)
    }

    /// The base URL of its Chat Completions API; nil when no port could be opened.
    package func baseURL() async -> String? {
        if self.binding == nil {
            // One task for all requests that come while it runs; each of them awaits it here.
            self.binding = Task { [server] in try await server.bind(host: "127.0.0.1", port: 0) }
        }
        do {
            try await self.binding?.value
        } catch {
            // The next request tries again: descriptors may have been scarce just now.
            self.binding = nil
            return nil
        }
        return self.server.localAddresses.first.map { "http://\($0)/v1" }
    }

    /// Closes the listener and all connections.
    package func stop() async {
        await self.server.quiesce(deadline: .now)
    }
}
