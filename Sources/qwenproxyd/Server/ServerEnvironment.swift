// SPDX-License-Identifier: Apache-2.0

import Logging

/// What all connections of a server share.
struct ServerEnvironment: Sendable {
    let configuration: ServerConfiguration
    let responder: any Responder
    let registry: ConnectionRegistry
    let requestIDs = RequestIDGenerator()
    let logger: Logger
}
