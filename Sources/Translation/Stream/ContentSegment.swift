// SPDX-License-Identifier: Apache-2.0

/// A part of the model's content once the markup in it is understood. Plain UTF-8, not escaped.
enum ContentSegment: Equatable {
    case text([UInt8])
    case thinking([UInt8])
    /// The markup around thinking ended.
    case endOfThinking
    /// A call the model wrote as text; the arguments are a JSON object.
    case call(name: String, arguments: [UInt8])
}
