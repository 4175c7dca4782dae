// SPDX-License-Identifier: Apache-2.0

public import Translation

/// Translates the body of one answer, or reads that of a request, and checks nothing, so that what it takes can be counted
/// from outside.
public enum PlainTranslation {
    private static let context = ResponseContext(
        requestedModel: "m",
        tools: [DeclaredTool(name: "Bash", parameters: ["command": .string, "list": .array, "limit": .integer])])

    /// - Parameter body: of an event stream, received in pieces as a socket brings them.
    public static func run(_ body: [UInt8]) {
        var translator = MessageStreamTranslator(
            context: Self.context, identifiers: ToolUseIdentifiers(source: SplitMix64(seed: 1)), sink: MessageRecord())
        var start = 0
        while start < body.count {
            let end = min(start + 4_096, body.count)
            unsafe body[start..<end].withUnsafeBytes { unsafe translator.receive($0) }
            start = end
        }
        translator.finish(.complete)
    }

    /// Reads a request and estimates its tokens, as the gateway does with each, until the fastest time is known.
    /// - Returns: the tokens, and the time.
    /// - Throws: the mistake in the request.
    public static func count(_ body: [UInt8], times: Int) throws(InvalidRequest) -> (tokens: Int, fastest: Duration) {
        var fastest: Duration?
        var tokens = 0
        for _ in 0..<max(1, times) {
            let start = ContinuousClock.now
            tokens = try CountTokensRequest(parsing: body).inputTokens
            let time = ContinuousClock.now - start
            fastest = min(fastest ?? time, time)
        }
        return (tokens, fastest ?? .zero)
    }
}
