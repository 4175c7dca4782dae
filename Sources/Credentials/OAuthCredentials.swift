// SPDX-License-Identifier: Apache-2.0

import Configuration
package import FoundationEssentials

/// The content of `oauth_creds.json`. The file belongs to the `qwen` command line tool; we are guests in it.
package struct OAuthCredentials: Sendable, Equatable {
    enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        case notJSON
        case notAnObject
        case missing(key: String)
        case unusable(key: String)

        /// Never shows a value: it could be half of a token.
        var description: String {
            switch self {
            case .notJSON: "it is not valid JSON"
            case .notAnObject: "it is not a JSON object"
            case .missing(let key): "\"\(key)\" is missing"
            case .unusable(let key): "\"\(key)\" has a value that cannot be used"
            }
        }
    }

    var accessToken: Secret
    var refreshToken: Secret?
    var tokenType: String
    /// As it stands in the file; `ResourceURL` makes an address of it.
    var resourceURL: String?
    /// Nil when the file does not say: the upstream will.
    package var expiry: Date?
    /// Every other key, so that writing the file loses nothing that another program has put there.
    var unknown: [String: UnknownJSON] = [:]

    private static let knownKeys = ["access_token", "refresh_token", "token_type", "resource_url", "expiry_date"]

    init(accessToken: Secret, refreshToken: Secret?, tokenType: String, resourceURL: String?, expiry: Date?) {
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.tokenType = tokenType
        self.resourceURL = resourceURL
        self.expiry = expiry
    }

    init(json bytes: [UInt8]) throws(Failure) {
        let value: UnknownJSON
        do {
            value = try JSONDecoder().decode(UnknownJSON.self, from: Data(bytes))
        } catch {
            throw .notJSON
        }
        guard case .object(let object) = value else { throw .notAnObject }
        guard let token = try Self.string("access_token", in: object) else { throw .missing(key: "access_token") }
        self.accessToken = Secret(try Self.token(token, key: "access_token"))
        if let token = try Self.string("refresh_token", in: object) {
            self.refreshToken = Secret(try Self.token(token, key: "refresh_token"))
        }
        self.tokenType = try Self.string("token_type", in: object) ?? "Bearer"
        // RFC 6749, section 7.1: a token of a type that is not understood must not be used.
        guard self.tokenType.lowercased() == "bearer" else { throw .unusable(key: "token_type") }
        self.resourceURL = try Self.string("resource_url", in: object)
        self.expiry = try Self.date("expiry_date", in: object)
        self.unknown = object.filter { !Self.knownKeys.contains($0.key) }
    }

    /// The file's text: pretty, two spaces, as the owner of the file writes it.
    func json() -> [UInt8] {
        var object = self.unknown
        object["access_token"] = .string(self.accessToken.reveal())
        object["refresh_token"] = self.refreshToken.map { .string($0.reveal()) }
        object["token_type"] = .string(self.tokenType)
        object["resource_url"] = self.resourceURL.map { .string($0) }
        object["expiry_date"] = self.expiry.map { .integer(Int64(($0.timeIntervalSince1970 * 1000).rounded())) }
        let encoder = JSONEncoder()
        // Without escaped slashes, as JavaScript writes them.
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(UnknownJSON.object(object)) else {
            // Only numbers that are not finite cannot be encoded, and JSON has no spelling for reading them in.
            preconditionFailure("The credentials cannot be encoded.")
        }
        return Array(data) + [UInt8(ascii: "\n")]
    }

    private static func string(_ key: String, in object: [String: UnknownJSON]) throws(Failure) -> String? {
        switch object[key] {
        case nil, .null: return nil
        case .string(let text): return text.isEmpty ? nil : text
        case .boolean, .integer, .number, .array, .object: throw .unusable(key: key)
        }
    }

    /// A token that can be used.
    private static func token(_ text: String, key: String) throws(Failure) -> String {
        // It becomes part of a header: RFC 6750 allows visible ASCII only, and a line break would smuggle headers in.
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { throw .unusable(key: key) }
        return text
    }

    /// Milliseconds since 1970, or RFC 3339 text as some other programs write it.
    private static func date(_ key: String, in object: [String: UnknownJSON]) throws(Failure) -> Date? {
        switch object[key] {
        case nil, .null: return nil
        case .integer(let milliseconds): return try Self.date(milliseconds: Double(milliseconds), key: key)
        case .number(let milliseconds): return try Self.date(milliseconds: milliseconds, key: key)
        case .string(let text):
            let plain = Date.ISO8601FormatStyle()
            let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            guard let date = (try? plain.parse(text)) ?? (try? fractional.parse(text)) else {
                throw .unusable(key: key)
            }
            return try Self.date(milliseconds: date.timeIntervalSince1970 * 1000, key: key)
        case .boolean, .array, .object: throw .unusable(key: key)
        }
    }

    /// Whole ones, as they are written.
    private static func date(milliseconds: Double, key: String) throws(Failure) -> Date {
        let milliseconds = milliseconds.rounded()
        // The bound is the year 9999: what is beyond traps when it is converted back.
        guard milliseconds >= 0, milliseconds < 253_402_300_800_000 else { throw .unusable(key: key) }
        return Date(timeIntervalSince1970: milliseconds / 1000)
    }
}
