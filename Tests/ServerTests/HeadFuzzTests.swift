// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Server

@Suite struct HeadFuzzTests {
    @Test func `no head and no body keeps the server from the next client`() async throws {
        let head = "POST /v1/messages?beta=true HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        var fuzzing = Fuzzing(
            "heads",
            seeds: [
                head + "Content-Length: 2\r\n\r\n{}", head + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                head + "Expect: 100-continue\r\nContent-Length: 1\r\n\r\nx", head + "Content-Encoding: gzip\r\n\r\n",
                "GET http://localhost/a?b HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:1\r\n\r\n",
                "HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
            ],
            vocabulary: [
                "\r\n", "\r\n\r\n", " ", ":", ";", "\t", "Content-Length: -1\r\n", "Content-Length: +5\r\n",
                "Content-Length: 9223372036854775807\r\n", "Content-Length: 99999999999999999999\r\n",
                "ffffffffffffffff\r\n", "-1\r\n", "Transfer-Encoding: gzip, chunked\r\n", "Host: [::\r\n",
                "Host: a:99999\r\n",
                "Origin: null\r\n", "HTTP/9.9", "Upgrade: h2c\r\n", "\0", "%zz", "Content-Encoding: deflate\r\n",
            ])
        try await withServer { _, port in
            var count = 0
            try await fuzzing.run(count: 400) { input in
                let client = try TestClient(port: port)
                // A server that has refused the beginning may have closed before the end comes.
                try? client.send(input)
                client.hangUp()
                count += 1
                // Now and then, or the server of a long run would have a minute's work before it.
                if count.isMultiple(of: 50) { try await Self.expectService(at: port) }
            }
            try await Self.expectService(at: port)
        }
    }

    private static func expectService(at port: Int) async throws {
        // Those before it have their turn first.
        let client = try TestClient(port: port)
        try client.send("GET /last HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try await client.receiveAnswer().status == 200)
    }
}
