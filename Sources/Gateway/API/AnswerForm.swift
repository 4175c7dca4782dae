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
    /// The end of the message, where that waits for verdicts on its calls.
    func heldEnd(_ sink: Sink) -> HeldMessageEnd?
}

/// As a stream of events, piece by piece.
struct StreamForm: AnswerForm {
    static let isWhole = false

    let opening: [UInt8]

    func makeSink() -> EventStreamWriter { EventStreamWriter() }
    func ready(_ sink: inout EventStreamWriter) -> [UInt8] { sink.take() }
    func rest(_ sink: inout EventStreamWriter) -> AnswerPiece { .last(sink.take()) }
    func heldEnd(_ sink: EventStreamWriter) -> HeldMessageEnd? { nil }
}

/// As a stream of events whose end waits until the calls in it are judged.
struct JudgedStreamForm: AnswerForm {
    static let isWhole = false

    let opening: [UInt8]

    func makeSink() -> JudgedEventWriter { JudgedEventWriter() }
    func ready(_ sink: inout JudgedEventWriter) -> [UInt8] { sink.take() }
    func rest(_ sink: inout JudgedEventWriter) -> AnswerPiece { .part(sink.take()) }
    func heldEnd(_ sink: JudgedEventWriter) -> HeldMessageEnd? { sink.end }
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
    func rest(_ sink: inout MessageAccumulator) -> AnswerPiece {
        .message(sink.message(id: self.messageID, model: self.model))
    }
    func heldEnd(_ sink: MessageAccumulator) -> HeldMessageEnd? { nil }
}
