// SPDX-License-Identifier: Apache-2.0

/// The content of one user message while it is written. Text alone is a plain string, which every upstream takes; only
/// a turn that shows an image is a list of parts. Pieces of text are paragraphs: an empty line stands between them,
/// whether they came as blocks of one message or as messages in a row.
struct UserTurn {
    private enum State {
        /// Nothing is written. May become any other.
        case empty
        /// Inside the content, a plain string. Stays so.
        case string
        /// Inside the text of the last part.
        case textPart
        /// Behind an image part.
        case imagePart
    }

    /// Whether the turn is a list of parts: it shows images, or has a mark of the cache.
    let hasParts: Bool
    private var state = State.empty

    init(hasParts: Bool) { self.hasParts = hasParts }

    var isEmpty: Bool { self.state == .empty }

    /// From here on the caller writes the characters of a JSON string.
    mutating func beginText(in writer: inout JSONWriter) {
        switch self.state {
        case .empty where self.hasParts:
            writer.raw(#"{"role":"user","content":[{"type":"text","text":""#)
            self.state = .textPart
        case .empty:
            writer.raw(#"{"role":"user","content":""#)
            self.state = .string
        case .string, .textPart:
            writer.raw(#"\n\n"#)
        case .imagePart:
            writer.raw(#",{"type":"text","text":""#)
            self.state = .textPart
        }
    }

    /// From here on the caller writes one image part.
    mutating func beginImage(in writer: inout JSONWriter) {
        switch self.state {
        case .empty: writer.raw(#"{"role":"user","content":["#)
        case .textPart: writer.raw(#""},"#)
        case .imagePart: writer.raw(",")
        case .string: preconditionFailure("an image in a turn that was begun without parts")
        }
        self.state = .imagePart
    }

    /// - Parameter marks: for a turn with parts that is to be kept. One that ends with an image gets no mark.
    mutating func end(in writer: inout JSONWriter, marks: CacheMarks? = nil) {
        switch self.state {
        case .empty: break
        case .string: writer.raw("\"}")
        case .textPart:
            writer.raw("\"")
            marks?.write(to: &writer)
            writer.raw("}]}")
        case .imagePart: writer.raw("]}")
        }
        self.state = .empty
    }
}
