// SPDX-License-Identifier: Apache-2.0

import Logging
import Shared

/// Call in, frame out. It knows Varlink and the daemon's control interface, and nothing of sockets.
struct ControlResponder: Sendable {
    let control: any ControlInterface & Sendable
    let logger: Logger

    /// - Parameter report: takes the replies before the last one, of a method that has several.
    /// - Returns: the last or only reply; nil when the caller wants none.
    func respond(to call: IncomingCall, _ report: (ControlReply) -> Void = { _ in }) async -> [UInt8]? {
        let reply: [UInt8]
        do {
            reply = try await self.perform(call.operation, report).encoded()
        } catch {
            self.logger.debug("A control call was answered with an error", metadata: ["error": "\(error)"])
            reply = IncomingCall.encode(error)
        }
        return call.wantsReply ? reply : nil
    }

    private func perform(
        _ operation: Result<IncomingCall.Operation, ControlError>, _ report: (ControlReply) -> Void,
    ) async throws(ControlError) -> ControlReply {
        switch try operation.get() {
        case .control(let call): try await call.perform(on: self.control, report)
        case .introspection(let call): try call.answer()
        }
    }
}
