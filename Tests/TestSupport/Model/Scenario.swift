// SPDX-License-Identifier: Apache-2.0

/// What the scripted model can play. The raw value is the name in the prompt.
public enum Scenario: String, Sendable, CaseIterable {
    case text
    case long
    /// Bash, Write, Read, Edit, one after another, with text that is hard to quote.
    case tools
    /// Three calls in one answer, one of which fails.
    case parallel
    /// Reasoning, text and three calls whose fragments come in turn.
    case tour
    case reasoning
    /// A tool that has to be loaded first.
    case deferredTool = "deferred-tool"
    case agent
    /// What the agent's own conversation plays.
    case subagent
    case image
    case pdf
    /// The first byte comes after 12 seconds.
    case slow
    case rateLimitedOnce = "rate-limited-once"
    case failingOnce = "failing-once"
    case emptyOnce = "empty-once"
    case unauthorized
    case quotaExhausted = "quota-exhausted"
    /// The context is full after one tool call; the client compacts and goes on.
    case contextOverflow = "context-overflow"
    case afterCompaction = "after-compaction"
    /// A call in the model's own XML form, as text.
    case leakedCall = "leaked-call"
    case leakedJSONCall = "leaked-json-call"
    /// The first answer ends at the output limit.
    case outputLimit = "output-limit"
    case errorInStreamOnce = "error-in-stream-once"
    case errorFirstOnce = "error-first-once"
    case cutInTextOnce = "cut-in-text-once"
    case cutInToolOnce = "cut-in-tool-once"
    case emptyArguments = "empty-arguments"
    case contentFilter = "content-filter"

    /// Text that suffers where escaping or splitting is wrong.
    public static let trickyText =
        "first \"quoted\" \\back\\\\slash\\ \ttab\r-free\nΩ é 你好 👩‍👩‍👧 \u{1F600} {\"json\": [1, 2, null]} </tool_call> $HOME `x`\nlast line\n"
        .replacing("\r-free", with: "")
    public static let greeting = "Hello from the scripted model: é 你好 👩‍👩‍👧 \"quoted\"."
}
