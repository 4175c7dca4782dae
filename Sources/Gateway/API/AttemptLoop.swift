// SPDX-License-Identifier: Apache-2.0

import Credentials
import Server
import Translation
import Transport

/// Runs the `AttemptMachine` of one request: does what it says, and tells it what came of it.
struct AttemptLoop<Form: AnswerForm> {
    private let run: AttemptContext
    private let form: Form
    private let candidates: [UpstreamCandidate]
    private let endpoint: MessagesEndpoint

    private var machine: AttemptMachine<RequestCorrection>
    private var failures = FailedCandidates()
    /// Why the present candidate was left, or will be.
    private var lastFailure: FailedAttempt?
    private var ticket: TokenBucket.Ticket?
    /// What the health of the present candidate knows the request by.
    private var healthAttempt: CircuitBreaker.Attempt?
    private var authorization: UpstreamAuthorization?

    init(_ run: AttemptContext, _ form: Form, _ candidates: [UpstreamCandidate], at endpoint: MessagesEndpoint) {
        self.run = run
        self.form = form
        self.candidates = candidates
        self.endpoint = endpoint
        self.machine = AttemptMachine(candidateCount: candidates.count, budget: run.budget)
    }

    private var candidate: UpstreamCandidate { self.candidates[self.machine.candidate] }

    /// Afterwards the client has its answer or its error, or has hung up.
    mutating func runToEnd() async {
        var step = self.begin()
        while true {
            // Before the action: other requests need not wait for the end of a pause to hear of a failure.
            self.tellHealth(step)
            switch step.action {
            case .standInLine: step = self.standInLine()
            case .authorize: step = await self.authorize()
            case .send(let corrections): step = await self.send(corrections)
            case .renewToken: step = await self.renewToken()
            case .wait(let pause): step = await self.wait(pause)
            case .moveOn:
                self.giveCandidateUp()
                step = self.begin()
            case .end(let end):
                return self.end(end)
            }
        }
    }
}

// MARK: - What the machine asks for

extension AttemptLoop {
    fileprivate typealias Step = AttemptMachine<RequestCorrection>.Step

    private mutating func begin() -> Step {
        let candidates = self.candidates
        var attempt: CircuitBreaker.Attempt?
        let step = self.machine.begin { index in
            attempt = candidates[index].health.admit()
            return attempt != nil
        }
        self.healthAttempt = attempt
        return step
    }

    private mutating func standInLine() -> Step {
        let elapsed = self.run.record.elapsed
        switch self.candidate.health.takeTurn(patience: self.machine.budget.line) {
        // No ticket is kept for a turn that has come: it is used up now.
        case nil, .after(.zero, _):
            return self.machine.lineAnswered(.now, at: elapsed)
        case .after(let wait, let ticket):
            self.ticket = ticket
            return self.machine.lineAnswered(.after(wait), at: elapsed)
        case .tooLong(let wait):
            self.lastFailure = FailedAttempt(lineAt: self.candidate.upstream, wait: wait)
            return self.machine.lineAnswered(.tooLong, at: elapsed)
        }
    }

    private mutating func authorize() async -> Step {
        do throws(CredentialError) {
            self.authorization = try await self.endpoint.authorizer.authorization(for: self.candidate.upstream)
            return self.machine.authorized()
        } catch {
            return self.fail(FailedAttempt(error))
        }
    }

    private mutating func send(_ corrections: [RequestCorrection]) async -> Step {
        let attempt = self.attempt(corrections)
        let end = await self.run.ask(attempt, self.form, at: self.endpoint.upstream)
        return self.ended(attempt, corrections, end)
    }

    // This and the next are no part of the asynchronous function: what they use would live in the task's memory.

    private mutating func attempt(_ corrections: [RequestCorrection]) -> UpstreamAttempt {
        guard let authorization = self.authorization else { preconditionFailure("sent without authorization") }
        let route = self.candidate.route(authorization: authorization, clientAgent: self.run.client.userAgent)
        // The only candidate is not admitted, and a retry is a new attempt.
        if self.healthAttempt == nil { self.healthAttempt = self.candidate.health.attempt }
        var profile = route.profile.corrected(by: corrections)
        profile.promptTokens = self.candidate.promptTokens(of: self.run.facts.size, for: profile)
        return UpstreamAttempt(
            route: route, profile: profile, authorization: authorization,
            acceptsEmptyAnswer: self.machine.acceptsEmptyAnswer)
    }

    private mutating func ended(
        _ attempt: UpstreamAttempt, _ corrections: [RequestCorrection], _ end: AttemptOutcome,
    ) -> Step {
        let (route, profile) = (attempt.route, attempt.profile)
        if case .completed(var report) = end {
            for correction in corrections { report.interventions.record(correction.intervention) }
            self.endpoint.authorizer.accepted(attempt.authorization)
            self.run.record.completed(report, route: route, attempts: self.machine.attempts)
            // An estimate of ours must not teach how the model counts.
            if report.isCounted {
                self.candidate.counted(
                    report.usage.totalInputTokens, of: self.run.facts.size, for: profile, at: route)
            }
            return self.machine.answered()
        }
        let failed = FailedAttempt(end, self.run.facts, route, profile, self.candidate.identity(of: route))
        if let lesson = failed.lesson, self.candidate.learn(lesson, from: route) {
            self.run.record.learned(lesson, about: route)
        }
        return self.fail(failed)
    }

    private mutating func renewToken() async -> Step {
        guard let authorization = self.authorization else { preconditionFailure("renewed without authorization") }
        let isNew = await self.endpoint.authorizer.renewed(afterRefusalOf: authorization)
        // A wait for the token that was cut short says nothing about the token.
        return Task.isCancelled
            ? self.machine.cancelled() : self.machine.tokenAnswered(isNew: isNew, self.circumstances)
    }

    private mutating func wait(_ pause: Duration) async -> Step {
        do {
            try await Task.sleep(for: pause)
            self.ticket = nil
            return self.machine.woke()
        } catch {
            return self.machine.cancelled()
        }
    }
}

// MARK: - What is told

extension AttemptLoop {
    private var circumstances: AttemptMachine<RequestCorrection>.Circumstances {
        .init(
            elapsed: self.run.record.elapsed, hasWrittenContent: self.run.writer.hasWrittenContent,
            isResting: self.candidate.health.isResting, jitter: .random(in: 0..<1))
    }

    private mutating func fail(_ failed: FailedAttempt) -> Step {
        self.lastFailure = failed
        // A sleep is cut short only when the client hangs up.
        guard !Task.isCancelled else { return self.machine.cancelled() }
        // The upstream is not silent: the client's stream stays closed, so that an error can be a status.
        self.run.writer.restartSilence()
        let step = self.machine.failed(failed.failure, self.circumstances)
        switch step.action {
        case .wait(let pause):
            self.run.record.retrying(failed.error, attempt: self.machine.retries, after: pause)
        case .standInLine:
            // At once: in another form, or once more after an empty answer.
            if case .correction = failed.failure.remedy {
                self.run.record.correcting(failed.error)
            } else {
                self.run.record.retrying(failed.error, attempt: self.machine.retries + 1, after: .zero)
            }
        case .authorize, .send, .renewToken, .moveOn, .end:
            break
        }
        return step
    }

    private mutating func tellHealth(_ step: Step) {
        if step.leavesLine, let ticket = self.ticket { self.candidate.health.giveBack(ticket) }
        guard let report = step.report else { return }
        let failure = step.action == .end(.answered) ? nil : self.lastFailure.map { UpstreamHealth.Failure($0.error) }
        self.candidate.record(report, of: self.healthAttempt, failure: failure)
        self.healthAttempt = nil
    }

    private mutating func giveCandidateUp() {
        guard let failed = self.lastFailure else { preconditionFailure("an upstream was left without a reason") }
        self.failures.append(failed, of: self.candidate.upstream)
        self.run.record.movingOn(failed.error, from: self.candidate.upstream)
        self.lastFailure = nil
    }

    private mutating func end(_ end: AttemptMachine<RequestCorrection>.End) {
        switch end {
        case .answered: break
        case .cancelled: self.run.record.cancelled()
        case .failed:
            guard let failed = self.lastFailure else { preconditionFailure("an attempt failed without a reason") }
            self.failures.append(failed, of: self.candidate.upstream)
            self.run.fail(self.failures.error, attempts: self.machine.attempts)
        }
    }
}
