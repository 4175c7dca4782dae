// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Transport

/// Answers that are compressed although no compression was asked for.
@Suite(.timeLimit(.minutes(2)))
struct UpstreamClientCodingTests {
    private func server(_ coding: String, status: String = "200 OK", _ body: [UInt8]) -> ScriptedServer {
        ScriptedServer { connection in
            while connection.readRequest() != nil {
                connection.send(
                    "HTTP/1.1 \(status)\r\nContent-Encoding: \(coding)\r\n"
                        + "Content-Length: \(body.count)\r\n\r\n")
                connection.send(body)
            }
        }
    }

    @Test(
        arguments: [("gzip", Compressed.Format.gzip), ("x-gzip", .gzip), ("deflate", .zlib), ("deflate", .raw)],
        ["200 OK", "500 Oh"])
    func `they are read, and errors likewise`(coding: (name: String, format: Compressed.Format), status: String)
        async throws
    {
        let text = Array("data: {}\n\ndata: [DONE]\n\n".utf8)
        let server = self.server(coding.name, status: status, Compressed.bytes(text, as: coding.format))
        let client = try UpstreamClient()
        for _ in 0..<2 {
            let response = try await client.fetch(.post(server.url), limit: 1_000)
            #expect(response.body == text)
            #expect(response.head.status == Int(status.prefix(3)))
        }
        #expect(server.acceptedConnections == 1)
    }

    @Test func `the limit is one of bytes that came out`() async throws {
        let server = self.server("gzip", Compressed.bytes([UInt8](repeating: 0, count: 64 << 20)))
        let client = try UpstreamClient()
        await #expect(throws: UpstreamError.tooLarge(limit: 100_000)) {
            try await client.fetch(.post(server.url), limit: 100_000)
        }
    }

    @Test func `what was decompressed too much waits for the receiver`() async throws {
        let text = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 / 1_000) }
        let server = self.server("gzip", Compressed.bytes(text))
        let client = try UpstreamClient()
        let receiver = RecordingReceiver { $0 < 2_000_000 ? .pause : .more }
        let transfer = client.start(.post(server.url), receiver: receiver)
        var count = 0
        while count < text.count {
            let before = count
            await receiver.wait { $0.body.count > before }
            count = receiver.record.body.count
            transfer.resume()
        }
        #expect(await receiver.end() == nil)
        #expect(receiver.record.body == text)
    }

    @Test func `what is no such data is an error that says so`() async throws {
        let client = try UpstreamClient()
        let broken = self.server("gzip", Array("data: {}\n\n".utf8))
        guard case .undecodable = await client.error(broken.url) else {
            Issue.record("expected an error about the coding")
            return
        }
        let unknown = self.server("compress", [1, 2, 3])
        #expect(await client.error(unknown.url) == .undecodable(reason: "its coding \"compress\" is unknown"))
        let twice = self.server("gzip, gzip", Compressed.bytes(Compressed.bytes([1])))
        #expect(await client.error(twice.url) == .undecodable(reason: "it is compressed more than once"))
    }
}
