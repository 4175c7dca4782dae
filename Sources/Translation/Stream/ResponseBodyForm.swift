// SPDX-License-Identifier: Apache-2.0

/// What a response body turns out to be. The content type is not asked: it is wrong where it would matter, on errors
/// that come as JSON or HTML in place of a stream.
enum ResponseBodyForm: Sendable, Equatable {
    /// Only white space or a byte order mark so far.
    case undecided
    case events
    /// One JSON text, or a page meant for people.
    case document

    /// `bytes` is the body from its beginning.
    init(_ bytes: some Collection<UInt8>) {
        // A byte order mark that is not whole yet looks like an event stream otherwise.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes.dropFirst(0)
        guard let first = text.first(where: { !$0.isJSONWhitespace }), !mark.starts(with: text) else {
            self = .undecided
            return
        }
        switch first {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: "<"): self = .document
        default: self = .events
        }
    }
}
