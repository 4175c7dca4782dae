// SPDX-License-Identifier: Apache-2.0

import Logging
import Shared

/// Frame in, frame out. It knows Varlink and the daemon's control interface, and nothing of sockets.
struct ControlResponder: Sendable {
    let control: any ControlInterface & Sendable
    let logger: Logger

    /// - Returns: nil when the caller wants no reply.
    /// - Throws: what is no call at all; the connection has to close then.
    func respond(to frame: [UInt8]) async throws(VarlinkFramingError) -> [UInt8]? {
        let call = try IncomingCall(frame: frame)
        let reply: [UInt8]
        do {
            reply = try await self.perform(call.operation).encoded()
        } catch {
            self.logger.debug("A control call was answered with an error", metadata: ["error": "\(error)"])
            reply = IncomingCall.encode(error)
        }
        return call.wantsReply ? reply : nil
    }

    private func perform(
        _ operation: Result<IncomingCall.Operation, ControlError>,
    ) async throws(ControlError) -> ControlReply {
        switch try operation.get() {
        case .control(let call): try await call.perform(on: self.control)
        case .introspection(let call): try call.answer()
        }
    }
}
