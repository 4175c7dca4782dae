// SPDX-License-Identifier: Apache-2.0

@testable import Transport

extension UpstreamRequest {
    static func post(
        _ url: String, _ body: [UInt8] = Array("{}".utf8), headers: [(name: String, value: String)] = [],
        timeouts: Timeouts = Timeouts(),
    ) -> UpstreamRequest {
        UpstreamRequest(
            method: .post, url: url,
            headers: [(name: "Content-Type", value: "application/json")] + headers, body: body, timeouts: timeouts)
    }

    static func get(_ url: String, timeouts: Timeouts = Timeouts()) -> UpstreamRequest {
        UpstreamRequest(method: .get, url: url, headers: [], body: [], timeouts: timeouts)
    }
}

extension UpstreamClient {
    /// What a request to `url` fails with.
    func error(_ url: String) async -> UpstreamError? {
        do {
            _ = try await self.fetch(.post(url), limit: 1_000)
            return nil
        } catch {
            return error
        }
    }
}

extension TestSocket {
    /// A whole answer with a length, which leaves the connection open.
    func answer(_ body: String, status: String = "200 OK") {
        self.send("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nX-Test: Yes\r\n\r\n\(body)")
    }

    /// Answers every request on this connection with its body.
    func echo() {
        while let request = self.readRequest() {
            self.answer(String(decoding: request.body, as: UTF8.self))
        }
    }
}
