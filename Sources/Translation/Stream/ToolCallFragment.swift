// SPDX-License-Identifier: Apache-2.0

/// What one `tool_calls` element of a chunk says. Every part may be missing.
struct ToolCallFragment {
    /// The place of the call in the answer, as the upstream counts. Missing or always zero on some servers.
    var index: Int?
    var id: ArraySlice<UInt8> = []
    /// Empty when the fragment has none.
    var name = ""
    /// JSON text, not escaped.
    var arguments: ArraySlice<UInt8> = []
    /// There are halves of surrogate pairs in the arguments, as three bytes each.
    var hasHalves = false

    /// A call that came in one piece and belongs to no other.
    var isWhole = false

    static func whole(name: String, arguments: [UInt8]) -> Self {
        Self(name: name, arguments: arguments[...], isWhole: true)
    }

    var beginsObject: Bool { self.arguments.first { !$0.isJSONWhitespace } == UInt8(ascii: "{") }
}

/// One call as far as it is known.
struct ToolCall: Sendable {
    let index: Int?
    var id: [UInt8]
    /// Empty until it is known.
    var name = ""
    var arguments = ToolArguments()
    /// An earlier call has the same id: this is either that call once more, or a server that gives every call one id.
    /// Which of them shows when the arguments are whole; until then nothing of it is sent.
    let mayBeRepetition: Bool

    func isRepetition(of other: ToolCall) -> Bool {
        self.id == other.id && self.name == other.name && self.arguments.isSame(as: other.arguments)
    }
}
