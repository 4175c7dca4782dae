// SPDX-License-Identifier: Apache-2.0

import Translation

/// Translates the body of one answer once and checks nothing, so that what it takes can be counted from outside.
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
}
