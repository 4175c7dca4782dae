// SPDX-License-Identifier: Apache-2.0

import Translation

/// How a request is changed before it is sent once more to an upstream that could not take it as it was.
enum RequestCorrection: Sendable, Equatable {
    /// The answer may have so many tokens: what fits beside the prompt, or what the model writes at most.
    case outputLimit(Int)
    case withoutImages
    case without(RequestParameter)

    /// An answer shorter than this is no use. A prompt that leaves less room is too long, and the client mends that by
    /// compacting the conversation.
    static let smallestOutput = 1_024

    /// The change that lets the upstream take the request after `failure`; nil when no change is known to help.
    init?(_ failure: UpstreamFailure, for request: RequestFacts, _ profile: ModelProfile) {
        switch failure.category {
        case .outputDoesNotFit:
            guard let room = Self.room(failure, for: request, profile) else { return nil }
            self = .outputLimit(room)
        case .outputLimitTooHigh(let maximum):
            // The same limit once more would be refused once more.
            let asked = request.upstreamMaximumTokens(for: profile)
            guard let maximum, maximum > 0, maximum < asked ?? .max else { return nil }
            self = .outputLimit(maximum)
        case .imagesRefused:
            // Without images in the request, or after they were left out, the same request would be sent again.
            guard request.features.containsImages, profile.acceptsImages else { return nil }
            self = .withoutImages
        case .parameterRefused(let parameter):
            self = .without(parameter)
        case .invalidCredentials, .permissionDenied, .modelNotFound, .hardQuota, .billing, .rateLimited,
            .contextTooLong, .contentRejected, .invalidRequest, .requestTooLarge, .overloaded, .timedOut,
            .internalError, .invalidOutput, .unreadable, .interrupted, .agentsOnly:
            return nil
        }
    }

    /// The output that fits beside the prompt; nil where none fits, or none of any use.
    static func room(_ failure: UpstreamFailure, for request: RequestFacts, _ profile: ModelProfile) -> Int? {
        let asked = request.upstreamMaximumTokens(for: profile)
        let room = failure.outputThatFits(asked: asked, estimatedInputTokens: request.inputTokens(for: profile))
        return room.flatMap { $0 >= min(asked ?? .max, Self.smallestOutput) ? $0 : nil }
    }

    /// The counter and the field of the journal that tell of it.
    var intervention: Intervention {
        switch self {
        case .outputLimit: .outputReduced
        case .withoutImages: .imagesLeftOut
        case .without: .parameterLeftOut
        }
    }
}

extension ModelProfile {
    /// The profile for a request that is changed in these ways, whatever else is known or configured about the model.
    func corrected(by corrections: [RequestCorrection]) -> ModelProfile {
        var profile = self
        for correction in corrections {
            switch correction {
            case .outputLimit(let tokens): profile.maximumOutputTokens = min(profile.maximumOutputTokens, tokens)
            case .withoutImages: profile.acceptsImages = false
            case .without(let parameter): profile.leaveOut([parameter])
            }
        }
        return profile
    }
}
