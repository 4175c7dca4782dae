// SPDX-License-Identifier: Apache-2.0

import Translation
import Transport

/// What goes to the client next.
enum AnswerPiece: Sendable {
    /// Of a stream that goes on, or breaks off here. May be empty.
    case part([UInt8])
    /// Of a stream that ends well.
    case last([UInt8])
    /// The whole answer, which is a message.
    case message([UInt8])
}

/// How far an answer has come.
enum AnswerProgress: Sendable {
    case open
    /// Its end is there. What the upstream still sends means nothing.
    case complete
    /// It cannot become an answer any more.
    case failed
}

/// The answer of an upstream that said yes, on its way to the client. Made when the head is there.
protocol UpstreamAnswer: ~Copyable, Sendable {
    /// What is known before the upstream was asked.
    associatedtype Expectation: Sendable

    init(_ expectation: Expectation, _ head: UpstreamResponseHead)

    mutating func receive(_ bytes: UnsafeRawBufferPointer) -> AnswerProgress
    /// The length of its content so far.
    var emittedBytes: Int { get }
    /// Bytes that wait for the end of the answer.
    var heldBytes: Int { get }
    /// What can go out although the answer is not complete.
    mutating func take() -> [UInt8]
    /// - Parameter isWhole: whether the transfer ended as it should.
    mutating func finish(_ head: UpstreamResponseHead, isWhole: Bool) -> AttemptOutcome
    /// What is left to send once it is finished and complete.
    mutating func rest() -> AnswerPiece
}

/// Chat completions, translated.
struct TranslatedAnswer<Form: AnswerForm>: ~Copyable, UpstreamAnswer {
    struct Expectation: Sendable {
        let form: Form
        let context: ResponseContext
    }

    private let form: Form
    private var translator: MessageStreamTranslator<Form.Sink>

    init(_ expectation: Expectation, _ head: UpstreamResponseHead) {
        self.form = expectation.form
        self.translator = MessageStreamTranslator(
            context: expectation.context,
            identifiers: ToolUseIdentifiers(source: ProcessRandom()),
            sink: expectation.form.makeSink(),
            contentType: head.header("content-type"))
    }

    mutating func receive(_ bytes: UnsafeRawBufferPointer) -> AnswerProgress {
        unsafe self.translator.receive(bytes)
        return switch self.translator.outcome {
        case .streaming: .open
        case .completed, .empty: .complete
        case .failed: .failed
        }
    }

    var emittedBytes: Int { self.translator.emittedBytes }

    var heldBytes: Int { Form.isWhole ? self.translator.emittedBytes : 0 }

    mutating func take() -> [UInt8] { self.form.ready(&self.translator.sink) }

    mutating func finish(_ head: UpstreamResponseHead, isWhole: Bool) -> AttemptOutcome {
        self.translator.finish(isWhole ? .complete : .truncated)
        return switch self.translator.outcome {
        case .completed(let usage, _):
            .completed(
                AnswerReport(
                    usage: usage, isCounted: self.translator.hasReportedUsage,
                    interventions: self.translator.interventions,
                    unknownFinishReason: self.translator.unknownFinishReason,
                    held: self.form.held(self.translator.sink)))
        case .empty: .empty
        case .failed(let failure): .refused(failure, by: head)
        case .streaming: preconditionFailure("the translator has no outcome after its end")
        }
    }

    mutating func rest() -> AnswerPiece { self.form.rest(&self.translator.sink) }
}
