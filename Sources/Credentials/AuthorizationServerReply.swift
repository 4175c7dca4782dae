// SPDX-License-Identifier: Apache-2.0

import Configuration
internal import FoundationEssentials
import Shared

/// What the authorization server said, taken apart as far as every endpoint needs it.
struct AuthorizationServerReply: Sendable {
    let status: Int
    /// How long the server wants to be left alone.
    let retryAfter: Duration?
    /// Nil when the body is no JSON object. A firewall in front of the server answers with a web page, and with status 200.
    private let object: [String: UnknownJSON]?
    private let isPage: Bool

    /// Replies are a few kilobytes; a page can be larger, and is not read anyway.
    static let limit = 256 << 10

    init(status: Int, retryAfter: Duration? = nil, body: [UInt8]) {
        self.status = status
        self.retryAfter = retryAfter
        self.isPage = body.first { $0 > 0x20 } == UInt8(ascii: "<")
        if case .object(let object)? = try? JSONDecoder().decode(UnknownJSON.self, from: Data(body)) {
            self.object = object
        } else {
            self.object = nil
        }
    }

    var isSuccess: Bool { (200..<300).contains(self.status) }

    /// A web page or anything else that the server itself would not send.
    var isForeign: Bool { self.isPage || (self.object == nil && self.isSuccess) }

    /// `error` of RFC 6749, section 5.2.
    var errorCode: String? { self.string("error") }

    func string(_ key: String) -> String? {
        guard case .string(let text)? = self.object?[key], !text.isEmpty else { return nil }
        return text
    }

    /// A positive number of seconds. Some servers put numbers into quotes.
    func seconds(_ key: String) -> Duration? {
        let number: Double? =
            switch self.object?[key] {
            case .integer(let value): Double(value)
            case .number(let value): value
            case .string(let text): Double(text)
            case nil, .null, .boolean, .array, .object: nil
            }
        // The bound keeps absurd values away from conversions that would trap.
        guard let number, number > 0, number < 1e9 else { return nil }
        return .milliseconds(Int64(number * 1000))
    }

    /// What was answered instead of a token.
    var reason: RenewalReason { RenewalReason(outline: self.outline, words: self.words) }

    /// What was answered, in the server's own words, for the person who asked: one line without secrets.
    var words: String {
        if self.isForeign { return self.outline }
        let said = [self.errorCode, self.string("error_description")].compactMap(\.self).joined(separator: ": ")
        guard !said.isEmpty else { return self.outline }
        let line = said.prefix(2048).unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }
        // Cut only after hiding: half of a token would not be found.
        return String(Redactor.process.hidingTraces(String(String.UnicodeScalarView(line))).prefix(300))
    }

    /// What was answered, for the log and whoever asks for the status.
    private var outline: String {
        // None of the server's words: they may repeat a token.
        if self.isForeign { return "it answered \(self.status) with something that is no token reply" }
        let code = self.errorCode.flatMap { ErrorCode($0) }.map { " (\($0.text))" } ?? ""
        return "it answered \(self.status)\(code)"
    }
}
