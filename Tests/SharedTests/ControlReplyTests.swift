// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Shared

@Suite struct ControlReplyTests {
    private func decoded<Reply: Codable & Sendable>(_ type: Reply.Type, _ json: String) throws -> Reply {
        try ControlReply.decode(type, from: Array(json.utf8))
    }

    @Test(arguments: [SampleStatus.full, SampleStatus.sparse])
    func `a status survives the way to the client`(status: DaemonStatus) throws {
        let frame = ControlReply.status(status).encoded()
        #expect(frame.last == 0)
        #expect(try ControlReply.decode(DaemonStatus.self, from: Array(frame.dropLast())) == status)
    }

    @Test func `a reply says whether more follow`() throws {
        for continues in [true, false] {
            let frame = ControlReply.monitor(SampleStatus.report).encoded(continues: continues)
            let reply = try ControlReply.decodeOneOfSeveral(MonitorReport.self, from: Array(frame.dropLast()))
            #expect(reply.parameters == SampleStatus.report)
            #expect(reply.isLast == !continues)
        }
    }

    @Test func `a reply without parameters is an empty one`() throws {
        #expect(try self.decoded(NoParameters.self, "{}") == NoParameters())
        #expect(try self.decoded(NoParameters.self, #"{"parameters":{}}"#) == NoParameters())
    }

    @Test func `an error of a newer daemon keeps its name`() {
        #expect(throws: ControlError.other("a.b.New")) {
            try self.decoded(NoParameters.self, #"{"error":"a.b.New","parameters":{"x":1}}"#)
        }
    }

    @Test func `a known error with nothing in it is still that error`() {
        #expect(throws: ControlError.methodNotFound("")) {
            try self.decoded(NoParameters.self, #"{"error":"org.varlink.service.MethodNotFound"}"#)
        }
        // Its parameters have the wrong type here.
        let json = #"{"error":"org.varlink.service.MethodNotFound","parameters":{"method":1}}"#
        #expect(throws: ControlError.methodNotFound("")) { try self.decoded(NoParameters.self, json) }
    }

    @Test(arguments: ["HTTP/1.1 400 Bad Request", "[]", #"{"parameters":{"level":"loud"}}"#, #"{"parameters":{}}"#])
    func `what is no reply is the peer's fault`(text: String) {
        let error = #expect(throws: ControlError.self) { try self.decoded(LogLevelReport.self, text) }
        guard case .connection(.malformedReply) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
