// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The limits of the server: what a client may make us keep, and for how long.
package struct ServerConfiguration: Sendable {
    /// The largest request body, in bytes. The client's own limit for a request is 32 MB.
    package var maximumBodySize = 32 << 20
    /// All bodies and all answers that wait for their end or their client, in bytes. Beyond it new requests are refused.
    package var maximumBufferedBytes = Int.max
    /// Names and values of one head together, in bytes; a request line may be as long again.
    var maximumHeaderSize = 64 << 10
    var maximumHeaderCount = 128
    /// Accepted connections beyond this number are closed at once.
    package var maximumConnections = 4096
    /// From the accept, or from the first byte of a later request, to the end of its head.
    var headTimeout = Duration.seconds(60)
    /// The longest silence inside a body.
    var bodyTimeout = Duration.seconds(60)
    /// The longest silence between two requests.
    var idleTimeout = Duration.seconds(600)
    /// When the server stops: how long a connection without a request may still bring one. The client may have sent it
    /// already, and could not tell a closed connection from a request that failed.
    var stopGrace = Duration.milliseconds(250)
    /// How long a client may leave more than `highWaterMark` bytes of an answer unread.
    var stallTimeout = Duration.seconds(600)
    /// After a refusal: how long, and how many bytes, we go on reading so that the client gets to see the answer. Closing
    /// with unread bytes in the kernel makes it send a reset, which throws the answer away at the other end.
    var lingerTimeout = Duration.seconds(10)
    var maximumDiscardedSize = 128 << 20
    /// A response is congested while more than this many bytes wait for the client.
    var highWaterMark = 256 << 10
    /// Which users of this machine are served over the loopback interface.
    package var peers = PeerPolicy(owner: geteuid())
    /// Refuse to listen where other machines could connect.
    package var isLoopbackOnly = false
    /// Names beside the loopback ones that a `Host` may hold, and from which pages may come (`Origin`).
    package var allowedHosts: [String] = []

    package init() {}
}
