// SPDX-License-Identifier: Apache-2.0

import Translation

/// How an answer reaches the client. Both ways are fed by the same translated events.
protocol AnswerDelivery: Sendable {
    associatedtype Sink: MessageEventSink & Sendable

    func makeSink() -> Sink
    /// What can go out although the answer is not complete, if anything.
    func ready(_ sink: inout Sink) -> [UInt8]
    /// What is left to send when it is complete.
    func rest(_ sink: inout Sink) -> [UInt8]
    /// Sends what `ready` gave.
    func forward(_ bytes: [UInt8])
    /// Sends what `rest` gave, and ends the response.
    func complete(_ bytes: [UInt8])
}

/// As a stream of events, piece by piece.
struct StreamDelivery: AnswerDelivery {
    let writer: ResponseWriter
    /// What goes before the first piece, where the connection does not send it by itself.
    let opening: [UInt8]

    func makeSink() -> EventStreamWriter { EventStreamWriter() }
    func ready(_ sink: inout EventStreamWriter) -> [UInt8] { sink.take() }
    func rest(_ sink: inout EventStreamWriter) -> [UInt8] { sink.take() }

    func forward(_ bytes: [UInt8]) {
        self.open()
        self.writer.write(bytes)
        self.writer.flush()
    }

    func complete(_ bytes: [UInt8]) {
        self.open()
        self.writer.write(bytes)
        self.writer.finish()
    }

    private func open() {
        if !self.opening.isEmpty, !self.writer.hasWrittenContent { self.writer.write(self.opening) }
    }
}

/// As one message, when it is complete.
struct WholeDelivery: AnswerDelivery {
    let writer: ResponseWriter
    let messageID: String
    /// As the client asked for it.
    let model: String

    func makeSink() -> MessageAccumulator { MessageAccumulator() }
    func ready(_ sink: inout MessageAccumulator) -> [UInt8] { [] }
    func rest(_ sink: inout MessageAccumulator) -> [UInt8] { sink.message(id: self.messageID, model: self.model) }

    /// There is nothing to send before the end.
    func forward(_ bytes: [UInt8]) {}

    func complete(_ bytes: [UInt8]) {
        self.writer.send(
            OutboundResponse(status: 200, headers: [("content-type", "application/json")], body: bytes))
    }
}
