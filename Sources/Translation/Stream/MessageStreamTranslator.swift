// SPDX-License-Identifier: Apache-2.0

/// Turns the body of a chat completion into the events of an Anthropic message. Bytes go in as they come off the
/// network; how they were cut makes no difference to what comes out.
///
/// The body may be a stream of events or one whole completion, and an error in any of its forms in place of either.
/// `message_delta` is sent once, when the finish reason and the usage are known or nothing more comes. An answer whose
/// end is missing is never given one: it fails.
public struct MessageStreamTranslator<Sink: MessageEventSink> {
    /// Where the events go.
    public var sink: Sink
    /// Final once it is not `streaming`.
    public internal(set) var outcome = StreamOutcome.streaming

    let context: ResponseContext
    let contentType: String?
    var composer: MessageComposer
    var thinkTags = ThinkTagSplitter()
    var leakedCalls: LeakedToolCallParser
    var reasoningCalls: LeakedToolCallParser
    /// The answer so far is only reasoning: calls in it may become calls.
    var isOnlyReasoning = true

    var form = ResponseBodyForm.undecided
    /// The body of a document; of a stream its beginning until the first event.
    var body: [UInt8] = []
    var events = ServerSentEventParser()
    var document = JSONDocument()
    /// Where things are in the document.
    private var chunk = ChatCompletionChunk()
    var contentSurrogates = SurrogateJoiner()
    var reasoningSurrogates = SurrogateJoiner()
    var decodedArguments: [UInt8] = []
    var sawEvent = false

    /// Set by the first finish reason. Goes on to the outcome when the usage is known or the stream ends.
    var finishReason: FinishReason?
    /// The upstream's word for the end when the table of finish reasons does not have it: at most 64 printable characters.
    public internal(set) var unknownFinishReason: String?
    /// A call that the model wrote into its text ended in the middle.
    var cutLeakedCall = false
    /// As the upstream tells it, or as it was found in the text.
    var matchedStopSequence: String?
    /// Nil where the client wants no end of its own.
    var stopSequences: StopSequenceFinder?
    var usage: Usage?

    public init(
        context: ResponseContext,
        identifiers: some ToolUseIdentifierGenerator,
        sink: Sink,
        contentType: String? = nil,
    ) {
        self.context = context
        self.contentType = contentType
        self.sink = sink
        self.composer = MessageComposer(context: context, identifiers: identifiers)
        self.leakedCalls = LeakedToolCallParser(tools: context.tools)
        self.reasoningCalls = LeakedToolCallParser(tools: context.tools, place: .reasoning)
        self.stopSequences = StopSequenceFinder(context.stopSequences)
    }

    /// Whether the outcome is known. Whatever the upstream still sends is ignored.
    public var isFinal: Bool { self.outcome.isFinal }

    /// What was done to the answer beyond writing it in the other format.
    public internal(set) var interventions: InterventionCounts {
        get { self.composer.interventions }
        set { self.composer.interventions = newValue }
    }

    /// Whether the sink has got an event. Once it has, a retry would repeat what the client has already shown.
    public var hasEmitted: Bool { self.composer.hasEmitted }

    /// Whether the upstream said how many tokens it counted.
    public var hasReportedUsage: Bool { self.usage != nil }

    /// The length of the content so far, for an estimate of its tokens.
    public var emittedBytes: Int { self.composer.emittedBytes }

    // Specialized by hand: the callers are in other modules, where a generic function is not specialized by itself.
    /// Takes what the upstream sent next, cut anywhere.
    @specialized(where Sink == EventStreamWriter)
    @specialized(where Sink == JudgedEventWriter)
    @specialized(where Sink == MessageAccumulator)
    public mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        guard case .streaming = self.outcome else { return }
        switch self.form {
        case .events:
            unsafe self.events.receive(bytes)
            if !self.sawEvent { unsafe self.keepBeginning(bytes) }
            self.readEvents()
        case .document:
            unsafe self.body.append(contentsOf: bytes)
            self.checkBodySize()
        case .undecided:
            unsafe self.body.append(contentsOf: bytes)
            self.form = ResponseBodyForm(self.body)
            if self.form == .undecided { return self.forgetWhitespace() }
            guard self.form == .events else { return self.checkBodySize() }
            // Held apart (the storage is shared): self is changed while these bytes are read.
            let beginning = self.body
            unsafe beginning.withUnsafeBytes { unsafe self.events.receive($0) }
            self.readEvents()
        }
    }

    /// The body is over. Afterwards `outcome` is final.
    @specialized(where Sink == EventStreamWriter)
    @specialized(where Sink == JudgedEventWriter)
    @specialized(where Sink == MessageAccumulator)
    public mutating func finish(_ end: BodyEnd) {
        guard case .streaming = self.outcome else { return }
        switch self.form {
        case .undecided, .events:
            // Some servers leave out the empty line after the last event.
            if let event = self.events.finish(), !event.data.isEmpty { self.receive(event) }
        case .document:
            // Half a document is no JSON: a cut one is reported as interrupted below.
            if end == .complete { self.readDocument() }
        }
        guard case .streaming = self.outcome else { return }
        if self.finishReason != nil {
            // All content is there; only the usage is not.
            self.complete()
        } else if end == .truncated || self.hasEmitted {
            // Without a finish reason the end of the stream is not the end of the answer: a client would take half for
            // the whole.
            self.outcome = .failed(.interrupted)
        } else if self.sawEvent || self.isBodyWithoutWords {
            self.outcome = .empty(endedProperly: false)
        } else {
            self.fail(UpstreamFailure(status: 200, contentType: self.contentType, body: self.body))
        }
    }
}

extension MessageStreamTranslator: Sendable where Sink: Sendable {}

// MARK: - The body

extension MessageStreamTranslator {
    /// A whole completion is not larger than this.
    private static var maximumBodySize: Int { 64 << 20 }
    /// What is kept of a body in which no event has been found yet, to tell what it says instead.
    private static var maximumBeginning: Int { 4096 }

    /// No event came; what came was nothing or keep-alives.
    private var isBodyWithoutWords: Bool {
        let lines = self.body.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        return lines.allSatisfy { $0.first == UInt8(ascii: ":") || $0.allSatisfy(\.isJSONWhitespace) }
    }

    private mutating func keepBeginning(_ bytes: UnsafeRawBufferPointer) {
        let room = Self.maximumBeginning - self.body.count
        if room > 0 { unsafe self.body.append(contentsOf: bytes.prefix(room)) }
    }

    /// Some servers send white space for as long as the model works. Of much of it only the ends are kept, so that what
    /// follows is read as it would be after all of it.
    private mutating func forgetWhitespace() {
        // More than a byte order mark, and than a line end of two characters that was cut.
        let kept = 8
        if self.body.count > Self.maximumBeginning { self.body.removeSubrange(kept..<self.body.count - kept) }
    }

    private mutating func checkBodySize() {
        if self.body.count > Self.maximumBodySize { self.fail(.unreadable("The upstream's answer is too large.")) }
    }

    private mutating func readEvents() {
        while case .streaming = self.outcome {
            do throws(ServerSentEventError) {
                guard let event = try self.events.next() else { return }
                self.receive(event)
            } catch {
                self.fail(.unreadable("The upstream sent an event that is too large."))
            }
        }
    }

    private mutating func readDocument() {
        guard self.parse(self.body[...]) else {
            return self.fail(UpstreamFailure(status: 200, contentType: self.contentType, body: self.body))
        }
        guard self.chunk.hasChoices, !self.chunk.isError else {
            return self.fail(UpstreamFailure(status: 200, document: self.document))
        }
        self.receive(self.chunk)
        if case .streaming = self.outcome { self.complete() }
    }

    private mutating func receive(_ event: ServerSentEvent) {
        if !self.sawEvent {
            self.sawEvent = true
            self.body = []
        }
        // Looked at by hand: this is asked for every chunk.
        if event.data.first == UInt8(ascii: "["), event.data.elementsEqual("[DONE]".utf8) { return self.complete() }
        let isError = event.name?.elementsEqual("error".utf8) ?? false
        guard self.parse(event.data) else {
            // The last event of a body that was cut off is no event.
            if event.isComplete, isError || !event.data.allSatisfy(\.isJSONWhitespace) {
                self.fail(UpstreamFailure(status: event.status ?? 200, contentType: nil, body: Array(event.data)))
            }
            return
        }
        if isError || self.chunk.isError {
            self.fail(UpstreamFailure(status: event.status ?? 200, document: self.document))
        } else {
            self.receive(self.chunk)
        }
    }

    private mutating func parse(_ text: ArraySlice<UInt8>) -> Bool {
        if self.parse(text.span) { return true }
        // Half a character at the end of a token is sent as it is by some servers.
        let repaired = String(decoding: text, as: UTF8.self).utf8
        return !repaired.elementsEqual(text) && self.parse(repaired.span)
    }

    private mutating func parse(_ text: Span<UInt8>) -> Bool {
        guard let replacement = try? self.document.replace(with: text) else {
            self.chunk = ChatCompletionChunk()
            return false
        }
        self.chunk.update(for: replacement, of: self.document)
        return true
    }

    mutating func fail(_ failure: UpstreamFailure) {
        self.outcome = .failed(failure)
        self.body = []
    }
}

extension ServerSentEvent {
    /// DashScope tells the status of an error inside a stream in a comment, `:HTTP_STATUS/429`.
    fileprivate var status: Int? {
        for comment in self.comments where comment.starts(with: "HTTP_STATUS/".utf8) {
            return Int(String(decoding: comment.dropFirst(12).prefix(3), as: UTF8.self))
        }
        return nil
    }
}
