// SPDX-License-Identifier: Apache-2.0

/// What a responder fixes when it declares that its answer is an event stream.
struct StreamOpening: Sendable {
    /// The first bytes of the stream, right behind the head.
    var preamble: [UInt8]
    /// What breaks a silence of `interval`.
    var keepAlive: [UInt8]
    var interval: Duration
}
