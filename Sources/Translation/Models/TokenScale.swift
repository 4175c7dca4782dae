// SPDX-License-Identifier: Apache-2.0

/// How many tokens a model counts for each that was estimated. Vocabularies and chat templates differ from model to model;
/// what upstreams report says by how much.
public struct TokenScale: Sendable, Equatable {
    private var reported: Double
    private var estimated: Double

    /// In thousandths. What lies outside is not believed.
    public static let plausible = 700...1_500
    /// What is known before anything was reported counts as this many tokens.
    private static let initial = 4_000.0
    private static let remembered = 40_000.0
    /// More is halved: templates change, and what was reported lately counts more.
    private static let limit = 400_000.0

    /// - Parameter thousandths: what was learned before a restart.
    public init(thousandths: Int? = nil) {
        self.estimated = thousandths == nil ? Self.initial : Self.remembered
        self.reported = self.estimated * Double(Self.bounded(thousandths ?? 1_000)) / 1_000
    }

    /// Tokens for each thousand that were estimated.
    public var thousandths: Int { Self.bounded(Int(1_000 * self.reported / self.estimated)) }

    /// An upstream counted `reported` tokens where `estimated` were expected.
    mutating func observe(reported: Int, estimated: Int) {
        // A single figure far off says more about the prompt (an odd text, a template) than about the vocabulary.
        guard estimated > 0, reported > 0, Self.plausible.contains(Int(1_000 * Double(reported) / Double(estimated)))
        else { return }
        self.reported += Double(reported)
        self.estimated += Double(estimated)
        if self.estimated > Self.limit {
            self.reported /= 2
            self.estimated /= 2
        }
    }

    private static func bounded(_ thousandths: Int) -> Int {
        min(max(thousandths, Self.plausible.lowerBound), Self.plausible.upperBound)
    }
}
