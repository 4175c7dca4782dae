// SPDX-License-Identifier: Apache-2.0

/// One fact about a model at one upstream that the upstream told, asked or by refusing a request.
public enum Lesson: Sendable, Hashable {
    /// Tokens that prompt and answer have together.
    case contextWindow(Int)
    /// Tokens the prompt may have. Whether the answer takes from the same window is not said.
    case promptLimit(Int)
    /// The upper end of the range of `max_tokens`.
    case maximumOutputTokens(Int)
    case refusesImages
    /// An image was seen for what it is.
    case acceptsImages
    case refusesParameter(RequestParameter)
    /// The parameter did what it is for.
    case takesParameter(RequestParameter)
    /// The model was asked all that can be found out with small requests.
    case examined
    case server(ServerKind)
    /// How many tokens the model counts for each thousand of our estimate.
    case tokenScale(Int)
}

/// What was learned about a model at one upstream. It goes before `ModelCatalog` and after the user's configuration.
public struct LearnedTraits: Sendable, Equatable {
    /// The program that answers there.
    public private(set) var server = ServerKind.unknown
    /// Tokens of the prompt, or of prompt and answer together.
    public private(set) var contextWindow: Int?
    /// Whether prompt and answer are known to share `contextWindow`.
    public private(set) var windowIsShared = false
    /// The upper end of the range of `max_tokens`.
    public private(set) var maximumOutputTokens: Int?
    /// Nil: nothing was said.
    public private(set) var acceptsImages: Bool?
    /// Parameters that the upstream said it does not take.
    public private(set) var refusedParameters: Set<RequestParameter> = []
    /// Parameters that were seen to do what they are for.
    public private(set) var takenParameters: Set<RequestParameter> = []
    /// Whether what was not learned is only assumed although it was asked for.
    public private(set) var isExamined = false

    /// How many tokens the model counts for each thousand of our estimate.
    public private(set) var tokenScale: Int?

    /// Nothing is known.
    public init() {}

    /// Whether nothing was learned yet.
    public var isEmpty: Bool { self == Self() }

    /// Takes a lesson in. Returns whether it says anything new: only then may the same request succeed another time.
    public mutating func learn(_ lesson: Lesson) -> Bool {
        let before = self
        switch lesson {
        case .contextWindow(let tokens):
            // Figures that no model has are not believed.
            guard Self.plausibleWindows.contains(tokens) else { return false }
            self.contextWindow = tokens
            self.windowIsShared = true
        case .promptLimit(let tokens):
            guard Self.plausibleWindows.contains(tokens) else { return false }
            self.contextWindow = tokens
        case .maximumOutputTokens(let tokens):
            guard Self.plausibleOutputs.contains(tokens) else { return false }
            self.maximumOutputTokens = tokens
        case .refusesImages:
            self.acceptsImages = false
        case .acceptsImages:
            self.acceptsImages = true
        case .refusesParameter(let parameter):
            self.refusedParameters.insert(parameter)
            // The last word counts: a server may have been replaced by another version.
            self.takenParameters.remove(parameter)
        case .takesParameter(let parameter):
            self.takenParameters.insert(parameter)
            self.refusedParameters.remove(parameter)
        case .examined:
            self.isExamined = true
        case .server(let server):
            self.server = server
        case .tokenScale(let thousandths):
            guard TokenScale.plausible.contains(thousandths) else { return false }
            self.tokenScale = thousandths
        }
        return self != before
    }

    private static let plausibleWindows = 256...(1 << 31)
    private static let plausibleOutputs = 16...(1 << 31)
}
