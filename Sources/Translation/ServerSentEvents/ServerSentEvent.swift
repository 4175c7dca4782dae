// SPDX-License-Identifier: Apache-2.0

/// One event of a `text/event-stream` body, as slices of the parser's buffer. Let go of it before the next bytes are
/// given to the parser, or the parser has to copy its buffer.
public struct ServerSentEvent: Sendable {
    /// The value of the last `event:` line; nil when there is none or it is empty, which means `message`.
    public let name: ArraySlice<UInt8>?
    /// The values of the `data:` lines, joined by line feeds. Empty also when there was no such line.
    public let data: ArraySlice<UInt8>
    /// The texts behind the colon of comment lines, of which `ServerSentEventParser.maximumComments` are kept. They
    /// mean nothing by the standard, but DashScope sends the status of an error in one: `:HTTP_STATUS/429`.
    public let comments: [ArraySlice<UInt8>]
    /// False when the body ended before the empty line that ends an event. The standard drops such an event; servers
    /// that forget the line behind their last event exist.
    public let isComplete: Bool
}

/// Why a body cannot be read as a stream of events.
public enum ServerSentEventError: Error, Sendable, Equatable {
    /// An event, its comments and unknown fields included, is longer than `limit` bytes.
    case eventTooLarge(limit: Int)
}
