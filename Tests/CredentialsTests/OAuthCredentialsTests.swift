// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Configuration
@testable import Credentials

@Suite struct OAuthCredentialsTests {
    private func parse(_ json: String) throws -> OAuthCredentials {
        try OAuthCredentials(json: Array(json.utf8))
    }

    @Test func `the file that qwen writes is understood`() throws {
        let credentials = try self.parse(
            """
            {"access_token": "at", "refresh_token": "rt", "token_type": "Bearer", "resource_url": "portal.qwen.ai",
             "expiry_date": 1775900000000}
            """)
        #expect(credentials.accessToken == Secret("at"))
        #expect(credentials.refreshToken == Secret("rt"))
        #expect(credentials.resourceURL == "portal.qwen.ai")
        #expect(credentials.expiry == Date(timeIntervalSince1970: 1_775_900_000))
    }

    @Test(arguments: [
        ("1775900000000", 1_775_900_000.0), ("1775900000000.0", 1_775_900_000), ("1.7759e12", 1_775_900_000),
        ("\"2026-04-11T09:33:20Z\"", 1_775_900_000), ("\"2026-04-11T17:33:20+08:00\"", 1_775_900_000),
        ("\"2026-04-11T09:33:20.500Z\"", 1_775_900_000.5), ("\"2026-04-11T17:33:20.5+08:00\"", 1_775_900_000.5),
        ("\"2026-04-11T09:33:20.123456789Z\"", 1_775_900_000.123),
    ]) func `the expiry is milliseconds or RFC 3339`(value: String, seconds: Double) throws {
        let expiry = try self.parse("{\"access_token\": \"a\", \"expiry_date\": \(value)}").expiry
        #expect(abs((expiry?.timeIntervalSince1970 ?? 0) - seconds) < 0.001)
    }

    @Test func `all but the token may be missing`() throws {
        let credentials = try self.parse("{\"access_token\": \"a\", \"refresh_token\": null}")
        #expect(
            credentials
                == OAuthCredentials(
                    accessToken: Secret("a"), refreshToken: nil, tokenType: "Bearer", resourceURL: nil, expiry: nil))
    }

    @Test(
        arguments: [
            ("", .notJSON), ("{", .notJSON), ("[1]", .notAnObject), ("{}", .missing(key: "access_token")),
            ("{\"access_token\": \"\"}", .missing(key: "access_token")),
            ("{\"access_token\": 5}", .unusable(key: "access_token")),
            ("{\"access_token\": \"a\\r\\nX: y\"}", .unusable(key: "access_token")),
            ("{\"access_token\": \"a\", \"refresh_token\": []}", .unusable(key: "refresh_token")),
            ("{\"access_token\": \"a\", \"token_type\": \"MAC\"}", .unusable(key: "token_type")),
            ("{\"access_token\": \"a\", \"expiry_date\": \"soon\"}", .unusable(key: "expiry_date")),
            ("{\"access_token\": \"a\", \"expiry_date\": 1e300}", .unusable(key: "expiry_date")),
            ("{\"access_token\": \"a\", \"expiry_date\": -1}", .unusable(key: "expiry_date")),
            ("{\"access_token\": \"a\", \"expiry_date\": 253402300799999.6}", .unusable(key: "expiry_date")),
            ("{\"access_token\": \"a\", \"expiry_date\": \"1969-12-31T23:59:59Z\"}", .unusable(key: "expiry_date")),
            ("{\"access_token\": \"a\", \"expiry_date\": \"0027-01-15T08:00:00Z\"}", .unusable(key: "expiry_date")),
            (
                "{\"access_token\": \"a\", \"expiry_date\": \"9999-12-31T23:59:59-01:00\"}",
                .unusable(key: "expiry_date")
            ),
            (String(repeating: "[", count: 60_000), .notJSON),
        ] as [(String, OAuthCredentials.Failure)])
    func `anything else is refused`(json: String, failure: OAuthCredentials.Failure) {
        #expect(throws: failure) { try self.parse(json) }
    }

    @Test func `what we do not know survives being written again`() throws {
        let credentials = try self.parse(
            """
            {"access_token": "a/b", "expiry_date": 1775900000123, "id_token": "i",
             "x": {"n": null, "t": true, "l": [1, 2.5, "s"], "big": 9007199254740993}}
            """)
        let text = String(decoding: credentials.json(), as: UTF8.self)
        #expect(text.contains("\"a/b\"") && text.contains("9007199254740993") && text.contains("1775900000123"))
        #expect(try self.parse(text) == credentials)
        #expect(credentials.unknown["id_token"] == .string("i"))
    }
}
