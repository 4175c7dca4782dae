// SPDX-License-Identifier: Apache-2.0

/// Peculiar ways of real OpenAI-compatible servers to say the same thing. Each can be combined with the others unless
/// `excludes` says so.
public enum StreamQuirk: String, Sendable, CaseIterable {
    /// The whole arguments of a call in one fragment.
    case wholeArguments = "whole-arguments"
    /// One character of the arguments per fragment.
    case singleCharacters = "single-characters"
    /// Every field of a delta in every chunk, null where it says nothing.
    case nullFields = "null-fields"
    /// Later fragments of a call carry the id "" and the name "".
    case emptyIdentifiers = "empty-identifiers"
    /// Later fragments of a call repeat its name.
    case repeatedName = "repeated-name"
    /// Later fragments of a call repeat its id.
    case repeatedIdentifier = "repeated-identifier"
    /// Fragments without `index`.
    case noIndex = "no-index"
    /// Every call says `index` 0 and is told apart by its id.
    case collidingIndex = "colliding-index"
    /// Fragments without `type`.
    case noType = "no-type"
    /// The whole call comes once more at the end, with the same id.
    case replayedCall = "replayed-call"
    /// The same id for all calls of all turns.
    case sameIdentifier = "same-identifier"
    /// Arguments as a JSON object, not as a string.
    case objectArguments = "object-arguments"
    /// Arguments as a string that holds a JSON string that holds the object.
    case doubleEncodedArguments = "double-encoded-arguments"
    /// `finish_reason` is "stop" although there are calls.
    case stopForCalls = "stop-for-calls"
    /// `finish_reason` is the string "null" until the end.
    case nullWord = "null-word"
    /// The finishing chunk comes twice.
    case finishTwice = "finish-twice"
    /// `finish_reason` in the chunk of the last content.
    case finishWithContent = "finish-with-content"
    /// No usage at all, even when asked.
    case noUsage = "no-usage"
    /// Usage in every chunk.
    case usageEverywhere = "usage-everywhere"
    /// Usage in the finishing chunk.
    case usageWithFinish = "usage-with-finish"
    /// The stream ends without `data: [DONE]`.
    case noDone = "no-done"
    /// `data:` without the space.
    case noSpace = "no-space"
    /// Lines that end in CRLF.
    case carriageReturns = "carriage-returns"
    /// Comment lines between the chunks.
    case comments
    /// `id:` and `event:` lines in front of the data.
    case otherFields = "other-fields"
    /// Whitespace as content before a call.
    case whitespaceBeforeCalls = "whitespace-before-calls"
    /// The bytes arrive a few at a time, in the middle of lines and characters.
    case tinyWrites = "tiny-writes"
    /// The reasoning comes as `reasoning`, the name that other servers use.
    case otherReasoningName = "other-reasoning-name"

    /// What contradicts this quirk within one stream.
    var excludes: Set<StreamQuirk> {
        switch self {
        case .wholeArguments: [.singleCharacters]
        case .objectArguments: [.doubleEncodedArguments, .singleCharacters, .replayedCall]
        // A string of JSON may go on behind its first object, so a repetition cannot be told from a continuation.
        case .doubleEncodedArguments: [.objectArguments, .replayedCall]
        case .emptyIdentifiers: [.repeatedIdentifier, .repeatedName]
        // Without an index and without ids nothing would tell the fragments of interleaved calls apart.
        case .noIndex: [.collidingIndex, .sameIdentifier, .emptyIdentifiers, .nullFields]
        case .collidingIndex: [.noIndex, .sameIdentifier, .emptyIdentifiers, .nullFields]
        case .sameIdentifier: [.noIndex, .collidingIndex, .replayedCall]
        case .noUsage: [.usageEverywhere, .usageWithFinish]
        case .finishWithContent: [.finishTwice]
        default: []
        }
    }

    /// As many quirks at once as go together, every one of them in one of the sets.
    public static var combinations: [Set<StreamQuirk>] {
        var sets: [Set<StreamQuirk>] = []
        for quirk in Self.allCases {
            let place = sets.firstIndex { set in set.allSatisfy { !$0.conflicts(with: quirk) } }
            if let place { sets[place].insert(quirk) } else { sets.append([quirk]) }
        }
        return sets
    }

    private func conflicts(with other: StreamQuirk) -> Bool {
        self.excludes.contains(other) || other.excludes.contains(self)
    }
}
