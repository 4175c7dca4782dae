// SPDX-License-Identifier: Apache-2.0

/// What an endpoint is, by method and path. The query never matters for the choice: Claude Code appends `?beta=true`.
enum Route: Sendable, Equatable {
    case messages
    case countTokens
    case models
    case model(id: String)
    case hello
    case liveness
    case readiness
    case metrics
    /// A known path with another method; the methods it has.
    case methodNotAllowed([String])
    case unknown

    init(method: String, path: String) {
        guard let (methods, route) = Self.endpoint(path) else {
            self = .unknown
            return
        }
        self = methods.contains(method) ? route : .methodNotAllowed(methods)
    }

    private static func endpoint(_ path: String) -> (methods: [String], route: Route)? {
        let modelPrefix = "/v1/models/"
        return switch path {
        case "/v1/messages": (["POST"], .messages)
        case "/v1/messages/count_tokens": (["POST"], .countTokens)
        case "/v1/models": (["GET", "HEAD"], .models)
        case "/api/hello", "/": (["GET", "HEAD"], .hello)
        case "/healthz": (["GET", "HEAD"], .liveness)
        case "/readyz": (["GET", "HEAD"], .readiness)
        case "/metrics": (["GET", "HEAD"], .metrics)
        case _ where path.hasPrefix(modelPrefix) && path.utf8.count > modelPrefix.utf8.count:
            // Names of models may have a slash ("qwen/qwen3-coder"), which clients write as %2F.
            (["GET", "HEAD"], .model(id: String(percentDecoding: path.dropFirst(modelPrefix.count))))
        default: nil
        }
    }
}

/// The parameters of a query string, decoded as those of a form are.
struct QueryParameters: Sendable {
    private let parameters: [(name: String, value: String)]

    init(_ query: String?) {
        self.parameters = (query ?? "").split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decoded(parts[0]), parts.count > 1 ? Self.decoded(parts[1]) : "")
        }
    }

    /// The first value of `name`.
    subscript(name: String) -> String? {
        self.parameters.first { $0.name == name }?.value
    }

    private static func decoded(_ text: Substring) -> String {
        // Before the percent signs: "%2B" is a plus sign that stays one.
        String(percentDecoding: text.replacing("+", with: " "))
    }
}

extension String {
    /// Undoes percent-encoding (RFC 3986, section 2.1). A percent sign without two digits stands for itself.
    init(percentDecoding text: some StringProtocol) {
        var decoded: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = rest.first.flatMap(Self.digit),
                let low = rest.dropFirst().first.flatMap(Self.digit)
            {
                decoded.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        self.init(decoding: decoded, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map { UInt8(truncatingIfNeeded: $0) }
    }
}
