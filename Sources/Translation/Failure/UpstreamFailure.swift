// SPDX-License-Identifier: Apache-2.0

/// Why the upstream gave no answer, understood from whatever it sent instead. What the client is told about it is not
/// decided here.
public struct UpstreamFailure: Error, Sendable, Equatable {
    /// What went wrong, as far as it makes a difference to the client or to the next attempt.
    public enum Category: Sendable, Equatable {
        case invalidCredentials
        case permissionDenied
        case modelNotFound
        /// A quota that only time or money brings back.
        case hardQuota
        case billing
        /// A limit per second or minute.
        case rateLimited
        /// The prompt alone does not fit. The counts are nil where the upstream does not tell them.
        case contextTooLong(tokens: Int?, maximum: Int?)
        /// The prompt may fit, but not together with the answer that was asked for: a smaller `max_tokens` helps.
        case outputDoesNotFit(promptTokens: Int?, window: Int?)
        /// `max_tokens` is more than the model ever writes.
        case outputLimitTooHigh(maximum: Int?)
        /// The model, as it is served there, takes no images.
        case imagesRefused
        /// The upstream does not know a parameter, or not that value of it.
        case parameterRefused(RequestParameter)
        /// Refused by the upstream's moderation.
        case contentRejected
        case invalidRequest
        case requestTooLarge
        case overloaded
        case timedOut
        case internalError
        /// The model wrote a tool call that is no JSON.
        case invalidOutput
        /// A web page or something else that is no answer.
        case unreadable
        /// The answer broke off.
        case interrupted
        /// Alibaba's Coding Plan does not know our client name.
        case agentsOnly
    }

    /// What went wrong.
    public var category: Category
    /// The status that counts: DashScope writes `<503>` into the message of an HTTP 500, and an error inside a stream
    /// has no HTTP status of its own. Nil when nothing tells.
    public var status: Int?
    /// The upstream's own name for the error.
    public var code: String?
    /// One line for people, of limited length, without control characters and without keys.
    public var message: String

    public init(category: Category, status: Int? = nil, code: String? = nil, message: String) {
        self.category = category
        self.status = status
        self.code = code
        self.message = message
    }

    /// An HTTP response that is an error, in whatever form its body is. `status` 200 is for a body that should have
    /// been an answer.
    public init(status: Int, contentType: String?, body: [UInt8]) {
        // Nothing meant to be read is this long, and a limit on values keeps a hostile body cheap.
        let limits = JSONLimits(depth: 32, values: 10_000)
        if body.count <= 1 << 20, let document = try? JSONDocument(parsing: body, limits: limits) {
            self.init(status: status, document: document)
        } else {
            self.init(status: status, contentType: contentType, text: body)
        }
    }

    /// Whether the same request may succeed a little later.
    public var isRetryable: Bool {
        switch self.category {
        case .rateLimited, .overloaded, .timedOut, .internalError, .invalidOutput, .unreadable, .interrupted: true
        case .invalidCredentials, .permissionDenied, .modelNotFound, .hardQuota, .billing, .contextTooLong,
            .outputDoesNotFit, .outputLimitTooHigh, .imagesRefused, .parameterRefused, .contentRejected,
            .invalidRequest, .requestTooLarge, .agentsOnly:
            false
        }
    }
}

extension UpstreamFailure {
    /// What the refusal teaches about the model at this upstream.
    public var lesson: Lesson? {
        switch self.category {
        case .contextTooLong(_, let maximum): maximum.map { .promptLimit($0) }
        case .outputDoesNotFit(_, let window): window.map { .contextWindow($0) }
        case .outputLimitTooHigh(let maximum): maximum.map { .maximumOutputTokens($0) }
        case .imagesRefused: .refusesImages
        case .parameterRefused(let parameter): .refusesParameter(parameter)
        case .invalidCredentials, .permissionDenied, .modelNotFound, .hardQuota, .billing, .rateLimited,
            .contentRejected, .invalidRequest, .requestTooLarge, .overloaded, .timedOut, .internalError,
            .invalidOutput, .unreadable, .interrupted, .agentsOnly:
            nil
        }
    }

    /// The body broke off, or its end was missing.
    public static let interrupted = Self(
        category: .interrupted, message: "The upstream's answer broke off before its end.")

    static func unreadable(_ message: String) -> Self { Self(category: .unreadable, message: message) }

    static func invalidArguments(ofTool name: String) -> Self {
        Self(category: .invalidOutput, message: "The model called \(name) with arguments that are not JSON.")
    }

    /// What the upstream said, in words only.
    init(status: Int, code: String?, message: String) {
        let report = ErrorReport(httpStatus: status, code: code, message: message)
        self.init(
            category: FailureRule.category(of: report),
            status: report.status,
            code: code,
            message: report.readableMessage)
    }

    /// A JSON body or the data of an event that reports an error.
    init(status: Int, document: JSONDocument) {
        let body = ErrorBody(document)
        let report = ErrorReport(
            httpStatus: status, code: body.code, message: body.message, type: body.type, parameter: body.parameter,
            bodyStatus: body.status)
        var category = FailureRule.category(of: report)
        // llama.cpp tells the figures as members, which are surer than those in its sentence.
        if case .contextTooLong(let tokens, let maximum) = category {
            category = .contextTooLong(tokens: body.promptTokens ?? tokens, maximum: body.contextSize ?? maximum)
        }
        // Any other JSON in place of an answer is none, and no error either.
        if body.isEmpty, status < 400 { category = .unreadable }
        self.init(category: category, status: report.status, code: body.code, message: report.readableMessage)
    }

    /// A web page, plain text, or nothing.
    private init(status: Int, contentType: String?, text: [UInt8]) {
        let isPage =
            text.first { !$0.isJSONWhitespace } == UInt8(ascii: "<")
            || contentType?.lowercased().contains("html") == true
        // The text of a page is navigation and scripts; only a plain text may be a message.
        let message = isPage ? "" : String(decoding: text.prefix(2048), as: UTF8.self)
        let report = ErrorReport(httpStatus: status, code: nil, message: message)
        guard status < 400 else {
            self.init(
                category: FailureRule.category(of: report),
                status: status,
                message: isPage
                    ? "The upstream answered \(status) with a web page." : report.readableMessage)
            return
        }
        if !isPage, let category = FailureRule.known(report) {
            // An error in plain words, as the data of an event or in place of an answer.
            self.init(category: category, message: report.readableMessage)
            return
        }
        self.init(
            category: .unreadable,
            status: status,
            message: isPage
                ? "The upstream answered with a web page instead of a completion."
                : "The upstream answered with something that is no completion.")
    }
}

extension UpstreamFailure {
    /// The `max_tokens` with which the same request may be sent again, where the prompt fits and the answer beside it
    /// does not. Nil where no smaller answer is known to help: then the prompt is too long.
    ///
    /// - Parameters:
    ///   - asked: the `max_tokens` that was refused; nil when none was sent.
    ///   - estimatedInputTokens: for an upstream that does not tell the size of the prompt.
    public func outputThatFits(asked: Int?, estimatedInputTokens: Int) -> Int? {
        guard case .outputDoesNotFit(let promptTokens, let window) = self.category else { return nil }
        let asked = asked ?? .max
        let room: Int
        switch (promptTokens, window) {
        case (let tokens?, let window?):
            room = window - tokens
        case (nil, let window?):
            guard estimatedInputTokens < window else { return nil }
            room = OutputRoom(window: window).after(estimatedInputTokens)
        case (_, nil):
            // Nothing is known but the direction.
            room = asked == .max ? 0 : asked / 2
        }
        return room >= 1 && room < asked ? room : nil
    }
}
