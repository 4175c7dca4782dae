// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// Now, on two clocks: tokens end by the wall clock, which can be set to anything at any time, and pauses are measured by
/// one that only goes forward.
package struct Moment: Sendable, Equatable {
    var wall: Date
    var steady: ContinuousClock.Instant

    /// Reads both clocks.
    package static func now() -> Moment { Moment(wall: Date(), steady: .now) }
}
