// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// What happens to llama.cpp's own server, and to the client while it answers.
@Suite(.needsLlamaServer)
struct RealServerTroubleTests {
    /// An answer that outlasts every test: the server has room for it, and the daemon lets it be asked for.
    private static let room = 262_144
    private static let long = SampleRequest.replacing("max_tokens", 250_000, in: SampleRequest.plain("<|long|>"))
    private static let roomy = "[models.\"tiny\"]\ncontext_window = 262144\nmax_output_tokens = 250000\n"

    /// Asks and returns, with what has come, when the answer has begun.
    private static func begin(_ gateway: RealGateway) async throws -> (client: HTTPClient, body: [UInt8]) {
        let client = try await gateway.daemon.connect()
        try await client.send("POST", "/v1/messages", body: Self.long.bytes)
        #expect(try await client.replyHead().status == 200)
        var begun: [UInt8] = []
        while !String(decoding: begun, as: UTF8.self).contains("text_delta") {
            begun += try #require(try await client.bodyPiece())
        }
        return (client, begun)
    }

    @Test func `killed in the middle of an answer`() async throws {
        try await RealGateway.run(context: Self.room, configuration: Self.roomy) { gateway in
            let (client, begun) = try await Self.begin(gateway)
            try await gateway.server.kill()
            var body = begun
            while let piece = try await client.bodyPiece() { body += piece }
            let stream = EventStreamChecker.check(body)
            #expect(stream.problems == [])
            #expect(stream.error?["type"] == "api_error")
            #expect(stream.stopReason == nil)

            let reply = try await gateway.post(SampleRequest.plain())
            #expect(reply.status == 502)
            #expect(reply.json["error"]?["type"] == "api_error")
        }
    }

    @Test func `a client that hangs up gives its slot back`() async throws {
        try await RealGateway.run(context: Self.room, configuration: Self.roomy) { gateway in
            let streaming = try await Self.begin(gateway)
            await streaming.client.connection.close()
            #expect(try await gateway.ask(SampleRequest.plain()).text == RealServerTests.greeting)
        }
    }

    @Test func `clients that hang up while one holds the slot and one waits for it`() async throws {
        try await RealGateway.run(context: Self.room, configuration: Self.roomy) { gateway in
            let streaming = try await Self.begin(gateway)
            let waiting = try await gateway.daemon.connect()
            try await waiting.send(
                "POST", "/v1/messages", body: SampleRequest.replacing("stream", false, in: Self.long).bytes)
            let third = try await gateway.daemon.connect()
            try await third.send("POST", "/v1/messages", body: SampleRequest.plain(stream: false).bytes)
            await waiting.connection.close()
            await streaming.client.connection.close()
            let reply = try await third.reply()
            #expect(reply.status == 200)
            #expect(RealAnswer(message: reply.json).text == RealServerTests.greeting)
        }
    }

    @Test func `a router loads the model that is asked for`() async throws {
        let configuration = "[upstream]\npass_through_models = true\n"
        try await RealGateway.run(isRouter: true, model: "tiny-hermes", configuration: configuration) { gateway in
            #expect(try await gateway.ask(SampleRequest.plain()).blocks == ["text"])
            let other = SampleRequest.replacing("model", "tiny-xml", in: SampleRequest.plain())
            #expect(try await gateway.ask(other).blocks == ["thinking", "text"])
            let reply = try await gateway.post(SampleRequest.replacing("model", "nope", in: SampleRequest.plain()))
            #expect(reply.status == 404)
            #expect(reply.json["error"]?["type"] == "not_found_error")
            #expect(reply.text.contains("model 'nope' not found"))
        }
    }
}
