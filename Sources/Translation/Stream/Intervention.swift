// SPDX-License-Identifier: Apache-2.0

/// Something that was done to a request or an answer beyond writing it in the other format: a repair, a recovery, a part
/// left out. Interventions are counted, shown by `qwenproxyctl status` and named in the journal line of the request, so
/// that a person who asks why an answer looks as it does can find out. The raw value is the name in both places.
public enum Intervention: String, Sendable, CaseIterable, Hashable {
    /// The arguments of a call were no JSON and were made so without guessing at values.
    case argumentsMended = "arguments_mended"
    /// An argument was given as a string of JSON and is now what the tool's schema wants.
    case argumentUnwrapped = "argument_unwrapped"
    /// A call whose arguments were not whole did not reach the client as a call.
    case callCut = "call_cut"
    /// A call that the model wrote into its text became a call.
    case callRecovered = "call_recovered"
    /// A call that the model wrote into its reasoning became a call.
    case callRecoveredFromReasoning = "call_recovered_from_reasoning"
    /// The client wants at most one call in an answer, and this was another one.
    case parallelCallDropped = "parallel_call_dropped"
    /// The upstream gave a reason for the end that the table of finish reasons does not have.
    case unknownFinishReason = "unknown_finish_reason"
    /// The upstream ended properly, twice, without saying anything.
    case emptyAnswerAccepted = "empty_answer_accepted"
    /// The request was sent again with an output limit that fits beside the prompt.
    case outputReduced = "output_reduced"
    /// The request was sent again without its images.
    case imagesLeftOut = "images_left_out"
    /// The request was sent again without a parameter that the upstream refuses.
    case parameterLeftOut = "parameter_left_out"
    /// A refusal taught something new about the model at the upstream: a window, a limit, or what it does not take.
    case lessonLearned = "lesson_learned"
}

/// How often each intervention happened.
public struct InterventionCounts: Sendable, Equatable {
    private var counts: [Intervention: Int] = [:]

    public init() {}

    /// Whether nothing was recorded.
    public var isEmpty: Bool { self.counts.isEmpty }

    /// How often it happened.
    public subscript(intervention: Intervention) -> Int { self.counts[intervention] ?? 0 }

    /// Counts what happened.
    public mutating func record(_ intervention: Intervention, count: Int = 1) {
        if count > 0 { self.counts[intervention, default: 0] += count }
    }

    /// Adds the counts of another answer.
    public mutating func add(_ others: Self) {
        for (intervention, count) in others.counts { self.counts[intervention, default: 0] += count }
    }

    /// Those that happened, in the order of their declaration.
    public var all: [(intervention: Intervention, count: Int)] {
        Intervention.allCases.compactMap { intervention in
            self.counts[intervention].map { (intervention, $0) }
        }
    }
}

extension InterventionCounts: CustomStringConvertible {
    /// `call_recovered=1,output_reduced=1`
    public var description: String {
        self.all.map { "\($0.intervention.rawValue)=\($0.count)" }.joined(separator: ",")
    }
}
