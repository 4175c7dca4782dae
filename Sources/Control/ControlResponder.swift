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
            reply = self.encode(try await self.perform(call.operation, report))
        } catch {
            // What an error says may be a peer's words: they are for the caller.
            self.logger.debug("A control call was answered with an error", metadata: ["error.name": "\(error.name)"])
            reply = Redactor.process.hiding(json: IncomingCall.encode(error))
        }
        return call.wantsReply ? reply : nil
    }

    /// Without secrets, but for the reply that is there to tell a key.
    ///
    /// - Parameter continues: more replies to the same call follow.
    func encode(_ reply: ControlReply, continues: Bool = false) -> [UInt8] {
        let bytes = reply.encoded(continues: continues)
        // Its purpose is to hand the key to a program of this user.
        if case .clientSettings = reply { return bytes }
        return Redactor.process.hiding(json: bytes)
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
