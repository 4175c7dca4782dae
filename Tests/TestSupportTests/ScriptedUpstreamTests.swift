// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@Suite struct ScriptedUpstreamTests {
    @Test func `a script answers, and what was asked is on record`() async throws {
        let upstream = try await ScriptedUpstream.start { request in
            .json(201, ["echo": .string(request.text)])
        }
        let client = try await HTTPClient.connect(port: upstream.port)
        for text in ["one", "two"] {
            let reply = try await client.exchange("POST", "/v1/x", headers: ["x-mark": text], body: Array(text.utf8))
            #expect(reply.status == 201)
            #expect(reply.json["echo"]?.string == text)
        }
        #expect(upstream.requests.entries.map(\.number) == [1, 2])
        #expect(upstream.requests.entries.map { $0.header("X-Mark") } == ["one", "two"])
        #expect(upstream.connections.entries == [1])
        await client.connection.close()
        let end = try await upstream.disconnections.entry(at: 0)
        #expect(end.request == nil)
        await upstream.stop()
    }

    @Test func `a gate holds a stream, and a client that leaves is noticed`() async throws {
        let gate = Gate()
        let upstream = try await ScriptedUpstream.start { _ in
            ScriptedReply([ScriptedReply.eventStreamHead, .chunk([0x61]), .wait(gate), .chunk([0x62]), .endOfChunks])
        }
        let client = try await HTTPClient.connect(port: upstream.port)
        try await client.send("GET", "/")
        #expect(try await client.replyHead().status == 200)
        #expect(try await client.bodyPiece() == [0x61])
        gate.open()
        #expect(try await client.bodyPiece() == [0x62])
        #expect(try await client.bodyPiece() == nil)
        #expect(client.endedWell)

        let held = try await ScriptedUpstream.start { _ in .silence }
        let leaver = try await HTTPClient.connect(port: held.port)
        try await leaver.send("GET", "/")
        _ = try await held.requests.entry(at: 0)
        await leaver.connection.close()
        #expect(try await held.disconnections.entry(at: 0).request == 1)
        await held.stop()
        await upstream.stop()
    }

    @Test func `a reset and an early close are told from an end`() async throws {
        for ending in [ScriptedReply.Step.reset, .close] {
            let upstream = try await ScriptedUpstream.start { _ in
                ScriptedReply([ScriptedReply.eventStreamHead, .chunk([0x61]), ending])
            }
            let client = try await HTTPClient.connect(port: upstream.port)
            let reply = try? await client.exchange("GET", "/")
            #expect(reply?.isComplete != true)
            await upstream.stop()
        }
    }

    @Test func `a flood waits for its reader`() async throws {
        let upstream = try await ScriptedUpstream.start { _ in
            ScriptedReply([
                ScriptedReply.eventStreamHead, .flood([UInt8](repeating: 0x61, count: 10_000), count: 2_000),
                .endOfChunks,
            ])
        }
        let client = try await HTTPClient.connect(port: upstream.port, reading: false)
        try await client.send("GET", "/")
        _ = try await upstream.requests.entry(at: 0)
        #expect(upstream.floodedByteCount < 20_000_000)
        try await client.connection.resumeReading()
        let reply = try await client.reply()
        #expect(reply.isComplete)
        #expect(reply.body.count == 20_000_000)
        await upstream.stop()
    }
}
