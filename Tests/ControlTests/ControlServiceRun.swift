// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOPosix
import Shared

@testable import qwenproxyd

/// Runs a service on a socket in a temporary directory for as long as the body takes.
func withControlService<Result: Sendable>(
    _ control: ControlFake = ControlFake(), limits: ControlLimits = ControlLimits(),
    _ body: (String) async throws -> Result,
) async throws -> Result {
    let directory = try TemporaryDirectory()
    let path = "\(directory.path)/control.sock"
    let service = ControlService(
        socket: try ControlSocket.bind(path: path), control: control,
        group: MultiThreadedEventLoopGroup.singleton, limits: limits,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    )
    let running = Task { try await service.run() }
    do {
        let result = try await body(path)
        running.cancel()
        // A service that was told to stop stops without an error.
        try await running.value
        return result
    } catch {
        running.cancel()
        _ = await running.result
        throw error
    }
}
