// SPDX-License-Identifier: Apache-2.0

/// How models spell a tool call when they write it as text. `<tool_call>` or `<function_calls>` may stand around each
/// form; around the last one it must:
///
///     <function=NAME> <parameter=KEY> VALUE </parameter> … </function>
///     <invoke name="NAME"> <parameter name="KEY"> VALUE </parameter> … </invoke>
///     {"name": NAME, "arguments": {…}}
enum LeakedCallSyntax {
    /// How a call with its parameters in tags is spelled. An opening tag goes on with a name and `>`.
    final class TagForm: Sendable {
        let opening: StaticString
        let closing: StaticString
        let parameter: StaticString
        /// What a value may end before, or a call in it begin with: lists made once, as they are looked for at each `<`.
        let insideValue: [StaticString]
        let betweenParameters: [StaticString]
        let behindNestedName: [StaticString]

        init(opening: StaticString, closing: StaticString, parameter: StaticString) {
            self.opening = opening
            self.closing = closing
            self.parameter = parameter
            self.insideValue = ["</parameter>", parameter, opening, closing]
            self.betweenParameters = [parameter, closing] + LeakedCallSyntax.wrapperEnds
            self.behindNestedName = [parameter, closing]
        }
    }

    static let forms = [
        TagForm(opening: "<function=", closing: "</function>", parameter: "<parameter="),
        TagForm(opening: "<invoke name=", closing: "</invoke>", parameter: "<parameter name="),
    ]
    static let formOpenings = Self.forms.map(\.opening)

    static let wrappers: [StaticString] = ["<tool_call>", "<function_calls>"]
    static let wrapperEnds: [StaticString] = ["</tool_call>", "</function_calls>"]

    /// A call begins with one of these: the wrappers, then the forms.
    static let openings = Self.wrappers + Self.formOpenings
    static let openingsAndEnds = Self.openings + Self.wrapperEnds
    /// The same, and what a token of the chat template begins with.
    static let behindCall = Self.openingsAndEnds + ["<|"]

    /// `"NAME"`, perhaps with more attributes after it, or the bare `NAME`.
    static func withoutQuotes(_ name: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard name.first == UInt8(ascii: "\"") else { return name }
        return name.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
    }
}

/// A call that was found in text; the arguments are a JSON object.
struct LeakedCall: Sendable, Equatable {
    var name: String
    var arguments: [UInt8]
}
