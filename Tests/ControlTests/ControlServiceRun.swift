// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import NIOPosix
import Shared
import TestSupport

@testable import Control

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

/// The same for a body that blocks. It gets a thread of its own: on the pool's few threads, it would keep the service
/// from answering it.
func withControlService<Result: Sendable>(
    _ control: ControlFake = ControlFake(), limits: ControlLimits = ControlLimits(),
    blocking body: @escaping @Sendable (String) throws -> Result,
) async throws -> Result {
    try await withControlService(control, limits: limits) { path in
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Swift.Result { try body(path) })
            }
        }
    }
}
