// SPDX-License-Identifier: Apache-2.0

import Server
import Shared
import Translation

/// `/`, `/api/hello`, `/healthz` and `/readyz`.
enum HealthEndpoint {
    /// Claude Code warms its connection up with a `HEAD /api/hello`; people open `/` in a browser.
    static var hello: OutboundResponse {
        var writer = JSONWriter()
        writer.raw(#"{"name":"qwenproxyd","version":"#)
        writer.string(Version.current)
        writer.raw("}")
        return Self.json(200, writer.bytes)
    }

    /// The process answers.
    static var alive: OutboundResponse { Self.json(200, Array(#"{"status":"ok"}"#.utf8)) }

    static func readiness(_ state: Readiness.State) -> OutboundResponse {
        switch state {
        case .ready:
            return Self.json(200, Array(#"{"status":"ready"}"#.utf8))
        case .notReady(let reason):
            var writer = JSONWriter()
            writer.raw(#"{"status":"not_ready","reason":"#)
            writer.string(reason)
            writer.raw("}")
            return Self.json(503, writer.bytes)
        }
    }

    private static func json(_ status: Int, _ body: [UInt8]) -> OutboundResponse {
        OutboundResponse(status: status, headers: [("content-type", "application/json")], body: body)
    }
}
