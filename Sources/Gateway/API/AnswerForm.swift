// SPDX-License-Identifier: Apache-2.0

import Translation

/// In which form a translated answer reaches the client. Both are fed by the same events.
protocol AnswerForm: Sendable {
    associatedtype Sink: MessageEventSink & Sendable

    /// Nothing of it goes out before all of it is there.
    static var isWhole: Bool { get }
    /// What goes before the first piece, where the connection does not send it by itself.
    var opening: [UInt8] { get }
    func makeSink() -> Sink
    /// What can go out although the answer is not complete, if anything.
    func ready(_ sink: inout Sink) -> [UInt8]
    /// What is left to send when it is complete.
    func rest(_ sink: inout Sink) -> AnswerPiece
    /// What waits for verdicts on the calls in it, if anything.
    func held(_ sink: Sink) -> HeldAnswer?
}

/// What the client has not got yet of an answer that is complete, because the calls in it have to be judged first.
///
/// Indirect, because few answers have one, and all would have the room for it in their report.
indirect enum HeldAnswer: Sendable {
    /// The end of a stream of which all else was sent.
    case end(HeldMessageEnd)
    /// All of it.
    case message(MessageAccumulator, MessageForm)

    /// What the client would run.
    var calls: [AnsweredCall] {
        switch self {
        case .end(let end): end.calls
        case .message(let message, _): message.calls
        }
    }
}

/// As a stream of events, piece by piece.
struct StreamForm: AnswerForm {
    static let isWhole = false

    let opening: [UInt8]

    func makeSink() -> EventStreamWriter { EventStreamWriter() }
    func ready(_ sink: inout EventStreamWriter) -> [UInt8] { sink.take() }
    func rest(_ sink: inout EventStreamWriter) -> AnswerPiece { .last(sink.take()) }
    func held(_ sink: EventStreamWriter) -> HeldAnswer? { nil }
}

/// As a stream of events whose end waits until the calls in it are judged.
struct JudgedStreamForm: AnswerForm {
    static let isWhole = false

    let opening: [UInt8]

    func makeSink() -> JudgedEventWriter { JudgedEventWriter() }
    func ready(_ sink: inout JudgedEventWriter) -> [UInt8] { sink.take() }
    // Not the last piece: the end comes with the verdicts.
    func rest(_ sink: inout JudgedEventWriter) -> AnswerPiece { .part(sink.take()) }
    func held(_ sink: JudgedEventWriter) -> HeldAnswer? { sink.end.map { .end($0) } }
}

/// As one message, when it is complete.
struct MessageForm: AnswerForm {
    static let isWhole = true

    let messageID: String
    /// As the client asked for it.
    let model: String

    var opening: [UInt8] { [] }
    func makeSink() -> MessageAccumulator { MessageAccumulator() }
    func ready(_ sink: inout MessageAccumulator) -> [UInt8] { [] }
    func rest(_ sink: inout MessageAccumulator) -> AnswerPiece { .message(self.body(of: sink)) }
    func held(_ sink: MessageAccumulator) -> HeldAnswer? { nil }

    /// - Parameter results: of a message whose calls were judged.
    func body(of message: MessageAccumulator, _ results: SafeguardResults? = nil) -> [UInt8] {
        message.message(id: self.messageID, model: self.model, safeguards: results)
    }
}

/// As one message, when it is complete and the calls in it are judged.
struct JudgedMessageForm: AnswerForm {
    static let isWhole = true

    let form: MessageForm

    var opening: [UInt8] { [] }
    func makeSink() -> MessageAccumulator { MessageAccumulator() }
    func ready(_ sink: inout MessageAccumulator) -> [UInt8] { [] }
    func rest(_ sink: inout MessageAccumulator) -> AnswerPiece { .part([]) }
    func held(_ sink: MessageAccumulator) -> HeldAnswer? { .message(sink, self.form) }
}
