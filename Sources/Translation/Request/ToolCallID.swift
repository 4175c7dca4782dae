// SPDX-License-Identifier: Apache-2.0

/// The identifier of a tool call, compared byte by byte. It shares the bytes of the document that it stands in: a
/// conversation has hundreds of them, each twice.
struct ToolCallID: Hashable {
    private let bytes: ArraySlice<UInt8>

    init(_ text: String) { self.bytes = Array(text.utf8)[...] }

    /// Empty when there is no identifier, or no string in its place.
    init(_ node: JSONNode?, in document: borrowing JSONDocument) {
        guard let node, document.kind(of: node) == .string else {
            self.bytes = []
            return
        }
        let contents = document.bytes[document.contents(of: node)]
        self.bytes = document.token(of: node).hasEscapes ? Array(JSONEscapes.decode(contents).utf8)[...] : contents
    }

    var isEmpty: Bool { self.bytes.isEmpty }

    var text: String { String(decoding: self.bytes, as: UTF8.self) }

    static func == (one: Self, other: Self) -> Bool { one.bytes.span.isEqual(to: other.bytes.span) }

    func hash(into hasher: inout Hasher) {
        unsafe self.bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
}
