// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Shared

@Suite struct IncomingCallTests {
    private func operation(_ json: String) throws -> Result<IncomingCall.Operation, ControlError> {
        try IncomingCall(frame: Array(json.utf8)).operation
    }

    @Test(arguments: [
        ControlCall.getStatus, .reload, .restart, .stop, .setLogLevel(.init(level: .debug)),
        .setLogLevel(.init(level: nil)), .setLogLevel(.init(level: .trace, subsystem: .upstream)), .getLogLevel,
        .getConfiguration, .getClientSettings, .getUsage, .refreshToken, .login, .logout,
        .monitor(.init(interval: 250)), .monitor(.init(interval: nil)),
    ])
    func `what a client writes the daemon reads`(call: ControlCall) throws {
        let incoming = try IncomingCall(frame: Array(call.encoded().dropLast()))
        #expect(incoming.operation == .success(.control(call)))
        #expect(incoming.wantsReply)
        #expect(incoming.hasSeveralReplies == call.hasSeveralReplies)
    }

    @Test(arguments: [
        #"{"method":"io.qwenproxy.Control.SetLogLevel"}"#,
        #"{"method":"io.qwenproxy.Control.SetLogLevel","parameters":{}}"#,
        #"{"method":"io.qwenproxy.Control.SetLogLevel","parameters":null}"#,
        #"{"method":"io.qwenproxy.Control.SetLogLevel","parameters":{"level":null}}"#,
    ])
    func `no level means the configuration's`(json: String) throws {
        #expect(try self.operation(json) == .success(.control(.setLogLevel(.init(level: nil)))))
    }

    @Test(arguments: [
        (#"{"method":"GetStatus"}"#, ControlError.interfaceNotFound("GetStatus")),
        (#"{"method":"a.b.C"}"#, .interfaceNotFound("a.b")),
        (#"{"method":"io.qwenproxy.Control.Fly"}"#, .methodNotFound("io.qwenproxy.Control.Fly")),
        (#"{"method":"org.varlink.service.Fly"}"#, .methodNotFound("org.varlink.service.Fly")),
        (
            #"{"method":"io.qwenproxy.Control.GetStatus","upgrade":true}"#,
            .methodNotImplemented("io.qwenproxy.Control.GetStatus")
        ),
        (#"{"method":"io.qwenproxy.Control.SetLogLevel","parameters":{"level":"loud"}}"#, .invalidParameter("level")),
        (#"{"method":"io.qwenproxy.Control.SetLogLevel","parameters":{"level":7}}"#, .invalidParameter("level")),
        (
            #"{"method":"io.qwenproxy.Control.SetLogLevel","parameters":{"subsystem":"x"}}"#,
            .invalidParameter("subsystem")
        ),
        (#"{"method":"io.qwenproxy.Control.SetLogLevel","parameters":{"lvl":"debug"}}"#, .invalidParameter("lvl")),
        (#"{"method":"io.qwenproxy.Control.SetLogLevel","parameters":[1]}"#, .invalidParameter("parameters")),
        (#"{"method":"io.qwenproxy.Control.Stop","parameters":{"now":true}}"#, .invalidParameter("now")),
        (#"{"method":"io.qwenproxy.Control.Monitor"}"#, .expectedMore),
        (#"{"method":"io.qwenproxy.Control.Monitor","more":false}"#, .expectedMore),
        (
            #"{"method":"io.qwenproxy.Control.Monitor","more":true,"parameters":{"interval":"1"}}"#,
            .invalidParameter("interval")
        ),
        (#"{"method":"org.varlink.service.GetInterfaceDescription"}"#, .invalidParameter("interface")),
        (#"{"method":"org.varlink.service.GetInterfaceDescription","parameters":{}}"#, .invalidParameter("interface")),
    ])
    func `a call that cannot be made is answered with its error`(json: String, error: ControlError) throws {
        #expect(try self.operation(json) == .failure(error))
    }

    @Test(arguments: ["", "[]", "7", "{", "{}", #"{"method":7}"#, #"{"method":null}"#, "GET / HTTP/1.1", "\u{1F600}"])
    func `what is no call ends the conversation`(text: String) {
        #expect(throws: VarlinkFramingError.malformed("not a Varlink call")) {
            try IncomingCall(frame: Array(text.utf8))
        }
    }

    @Test func `bytes that are no text end the conversation`() {
        #expect(throws: VarlinkFramingError.self) { try IncomingCall(frame: [0xFF, 0xFE, 0x7B]) }
    }

    @Test func `deep nesting is refused and does not exhaust the stack`() {
        let json = #"{"method":"a.b.C","parameters":"# + String(repeating: "[", count: 500_000)
        #expect(throws: VarlinkFramingError.self) { try IncomingCall(frame: Array(json.utf8)) }
    }

    @Test func `a oneway call wants no reply, an unknown field is no reason to refuse`() throws {
        let json = #"{"method":"io.qwenproxy.Control.Stop","oneway":true,"more":false,"future":1}"#
        let call = try IncomingCall(frame: Array(json.utf8))
        #expect(call.operation == .success(.control(.stop)))
        #expect(!call.wantsReply)
    }
}
