// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Shared

/// The texts a Varlink client reads must describe what our Codable types write.
@Suite struct InterfaceDescriptionTests {
    private let control: ParsedInterface
    private let service: ParsedInterface

    init() throws {
        self.control = try ParsedInterface(InterfaceDescription.control.text)
        self.service = try ParsedInterface(InterfaceDescription.service.text)
    }

    private func parameters(of frame: [UInt8]) throws -> Any {
        let object = try JSONSerialization.jsonObject(with: Data(frame.dropLast())) as? [String: Any]
        return try #require(object?["parameters"])
    }

    @Test func `the names stand in the texts`() {
        #expect(self.control.name == InterfaceDescription.control.name)
        #expect(self.service.name == InterfaceDescription.service.name)
    }

    @Test func `every reply fits its method`() throws {
        let replies: [(ParsedInterface, String, ControlReply)] = [
            (self.control, "GetStatus", .status(SampleStatus.full)),
            (
                self.control, "Reload",
                .reload(
                    ReloadReport(sources: ["a"], changed: ["b"], needsRestart: ["c"], pending: [SampleStatus.pending]))
            ),
            (self.control, "GetLogLevel", .logLevel(SampleStatus.logLevel)),
            (self.control, "SetLogLevel", .logLevel(SampleStatus.logLevel)),
            (
                self.control, "GetConfiguration",
                .configuration(
                    ConfigurationReport(
                        file: "/f", files: ["/e", "/f"], settings: [.init(key: "a.b", value: "c", source: "default")],
                        pending: [SampleStatus.pending]))
            ),
            (self.control, "GetClientSettings", .clientSettings(ClientSettings(baseURL: "http://127.0.0.1:1"))),
            (
                self.control, "ListUpstreams",
                .upstreams(
                    UpstreamList(
                        directory: "/d", upstreams: SampleStatus.full.upstreams, mistakes: ["m"],
                        described: [SampleStatus.described]))
            ),
            (
                self.control, "TestUpstream",
                .upstreamTest(
                    UpstreamTestReport(
                        upstream: "u", model: "m", succeeded: true, duration: 1, answeredBy: "m", inputTokens: 1,
                        outputTokens: 2, problem: "no", limits: SampleStatus.limits,
                        findings: [.init(name: "n", outcome: .no, detail: "d")], untested: ["x"]))
            ),
            (
                self.control, "ExplainRoute",
                .route(
                    RouteReport(
                        reason: "r", parameters: ["p"],
                        candidates: [
                            .init(
                                upstream: SampleStatus.full.upstreams[0], model: "m", contextWindow: 1,
                                maxOutputTokens: 2, vision: true, thinking: "none", toolChoice: "auto",
                                limits: SampleStatus.limits)
                        ]))
            ),
            (
                self.control, "ExplainModel",
                .model(
                    ModelExplanation(
                        model: "m", upstream: "u",
                        fields: [.init(name: "images", value: "true", origin: .user, source: "s", date: "2026-11-26")]))
            ),
            (
                self.control, "GetUsage",
                .usage(
                    UsageReport(today: "2027-01-15", days: [.init(date: "2027-01-15", models: [SampleStatus.totals])]))
            ),
            (self.control, "Monitor", .monitor(SampleStatus.report)),
            (self.control, "Restart", .restart(RestartReport(pid: 4712, version: "1.0"))),
            (
                self.control, "RefreshToken",
                .credentials(
                    CredentialsStatus(
                        state: .refused, detail: "d", path: "/p", expiresAt: Timestamp(secondsSinceEpoch: 0)))
            ),
            (self.control, "Login", .login(SampleStatus.login)),
            (self.control, "Logout", .logout(LogoutReport(path: "/p", removed: true))),
            (self.control, "Stop", .empty),
            (self.service, "GetInfo", .info(.current)),
            (self.service, "GetInterfaceDescription", .interface(InterfaceText(description: "x"))),
        ]
        for (interface, name, reply) in replies {
            let method = try #require(interface.methods[name])
            let value = try self.parameters(of: reply.encoded())
            #expect(interface.mismatches(of: value, with: method.output, at: name, isComplete: true) == [])
        }
        #expect(self.control.methods.count + self.service.methods.count == replies.count)
    }

    @Test func `a status with everything optional absent fits too`() throws {
        let output = try #require(self.control.methods["GetStatus"]).output
        let value = try self.parameters(of: ControlReply.status(SampleStatus.sparse).encoded())
        #expect(self.control.mismatches(of: value, with: output, at: "", isComplete: false) == [])
        #expect(self.control.mismatches(of: value, with: output, at: "", isComplete: true) != [])
    }

    @Test func `every call fits its method`() throws {
        let calls: [(String, ControlCall)] = [
            ("GetStatus", .getStatus), ("Reload", .reload), ("Restart", .restart), ("Stop", .stop),
            ("GetLogLevel", .getLogLevel), ("GetConfiguration", .getConfiguration),
            ("GetClientSettings", .getClientSettings),
            ("SetLogLevel", .setLogLevel(.init(level: .warning, subsystem: .server))),
            ("GetUsage", .getUsage), ("Monitor", .monitor(.init(interval: 200))), ("ListUpstreams", .listUpstreams),
            ("TestUpstream", .testUpstream(.init(upstream: "u", deep: true))),
            (
                "ExplainRoute",
                .explainRoute(
                    .init(
                        model: "m", images: true, thinking: true, tools: true, inputTokens: 1, requestClass: "main",
                        agentType: "a"))
            ),
            ("ExplainModel", .explainModel(.init(model: "m", upstream: "u"))),
            ("RefreshToken", .refreshToken), ("Login", .login), ("Logout", .logout),
        ]
        for (name, call) in calls {
            let method = try #require(self.control.methods[name])
            let value = try self.parameters(of: call.encoded())
            #expect(self.control.mismatches(of: value, with: method.input, at: name, isComplete: true) == [])
        }
        #expect(self.control.methods.count == calls.count)
    }

    @Test func `every enumeration has the same cases`() {
        let expected: [String: [String]] = [
            "State": DaemonStatus.State.allCases.map(\.rawValue),
            "LogLevel": LogLevel.allCases.map(\.rawValue),
            "ListenerRole": ListenerStatus.Role.allCases.map(\.rawValue),
            "UpstreamKind": UpstreamStatus.Kind.allCases.map(\.rawValue),
            "UpstreamAPI": UpstreamStatus.API.allCases.map(\.rawValue),
            "LimitOrigin": ModelLimits.Origin.allCases.map(\.rawValue),
            "FieldOrigin": ModelExplanation.Field.Origin.allCases.map(\.rawValue),
            "FindingOutcome": UpstreamTestReport.Observation.Outcome.allCases.map(\.rawValue),
            "UpstreamState": UpstreamStatus.State.allCases.map(\.rawValue),
            "Subsystem": LogSubsystem.allCases.map(\.rawValue),
            "Outcome": FinishedRequestStatus.Outcome.allCases.map(\.rawValue),
            "RequestState": LiveRequestStatus.State.allCases.map(\.rawValue),
            "LoginState": LoginReport.State.allCases.map(\.rawValue),
            "CredentialsState": CredentialsStatus.State.allCases.map(\.rawValue),
            "Obstacle": ConfigurationReport.Pending.Obstacle.allCases.map(\.rawValue),
        ]
        for (name, kind) in self.control.types {
            guard case .enumeration(let cases) = kind else { continue }
            #expect(expected[name] == cases, "\(name)")
        }
        #expect(expected.keys.allSatisfy { self.control.types[$0] != nil })
    }

    @Test func `every error is declared with what it carries`() throws {
        let errors: [ControlError] = [
            .interfaceNotFound("a"), .methodNotFound("a"), .methodNotImplemented("a"), .invalidParameter("a"),
            .permissionDenied, .expectedMore, .reloadRejected(mistakes: ["a"]),
            .configurationMistaken(["a"]),
            .restartFailed(reason: "a"), .credentialsFailed(reason: "a"), .busy, .stopping,
        ]
        for error in errors {
            let reply = VarlinkErrorReply(error)
            let dot = try #require(reply.error.lastIndex(of: "."))
            let interface = reply.error[..<dot] == self.control.name ? self.control : self.service
            let name = String(reply.error[reply.error.index(after: dot)...])
            let kind = try #require(interface.errors[name], "\(reply.error)")
            let value = try self.parameters(of: VarlinkFrame.encode(reply))
            #expect(interface.mismatches(of: value, with: kind, at: name, isComplete: true) == [])
            // And a client reads the same error back.
            #expect(VarlinkErrorReply.controlError(named: reply.error, parameters: reply.parameters) == error)
        }
        #expect(self.control.errors.count + self.service.errors.count == errors.count)
    }
}
