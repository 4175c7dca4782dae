// SPDX-License-Identifier: Apache-2.0

/// The one table of error names: `ControlError` to its form on the wire and back.
struct VarlinkErrorReply: Codable, Sendable, Equatable {
    /// What the errors of both interfaces carry, each a part of it.
    struct Parameters: Codable, Sendable, Equatable {
        var interface: String?
        var method: String?
        var parameter: String?
        var mistakes: [String]?
        var reason: String?
    }

    var error: String
    var parameters: Parameters

    private static let service = InterfaceDescription.service.name
    private static let control = InterfaceDescription.control.name

    init(_ error: ControlError) {
        switch error {
        case .interfaceNotFound(let name):
            self.init("\(Self.service).InterfaceNotFound", Parameters(interface: name))
        case .methodNotFound(let name):
            self.init("\(Self.service).MethodNotFound", Parameters(method: name))
        case .methodNotImplemented(let name):
            self.init("\(Self.service).MethodNotImplemented", Parameters(method: name))
        case .invalidParameter(let name):
            self.init("\(Self.service).InvalidParameter", Parameters(parameter: name))
        case .permissionDenied:
            self.init("\(Self.service).PermissionDenied", Parameters())
        case .expectedMore:
            self.init("\(Self.service).ExpectedMore", Parameters())
        case .reloadRejected(let mistakes):
            self.init("\(Self.control).ReloadRejected", Parameters(mistakes: mistakes))
        case .configurationMistaken(let mistakes):
            self.init("\(Self.control).ConfigurationMistaken", Parameters(mistakes: mistakes))
        case .restartFailed(let reason):
            self.init("\(Self.control).RestartFailed", Parameters(reason: reason))
        case .credentialsFailed(let reason):
            self.init("\(Self.control).CredentialsFailed", Parameters(reason: reason))
        case .busy:
            self.init("\(Self.control).Busy", Parameters())
        case .stopping:
            self.init("\(Self.control).Stopping", Parameters())
        case .other(let name):
            self.init(name, Parameters())
        case .connection(let error):
            preconditionFailure("A daemon has no connection to itself: \(error)")
        }
    }

    private init(_ error: String, _ parameters: Parameters) {
        self.error = error
        self.parameters = parameters
    }

    /// What a client makes of an error reply. A parameter that is missing is left empty rather than made a new error.
    static func controlError(named name: String, parameters: Parameters?) -> ControlError {
        switch name {
        case "\(Self.service).InterfaceNotFound": .interfaceNotFound(parameters?.interface ?? "")
        case "\(Self.service).MethodNotFound": .methodNotFound(parameters?.method ?? "")
        case "\(Self.service).MethodNotImplemented": .methodNotImplemented(parameters?.method ?? "")
        case "\(Self.service).InvalidParameter": .invalidParameter(parameters?.parameter ?? "")
        case "\(Self.service).PermissionDenied": .permissionDenied
        case "\(Self.service).ExpectedMore": .expectedMore
        case "\(Self.control).ReloadRejected": .reloadRejected(mistakes: parameters?.mistakes ?? [])
        case "\(Self.control).ConfigurationMistaken": .configurationMistaken(parameters?.mistakes ?? [])
        case "\(Self.control).RestartFailed": .restartFailed(reason: parameters?.reason ?? "")
        case "\(Self.control).CredentialsFailed": .credentialsFailed(reason: parameters?.reason ?? "")
        case "\(Self.control).Busy": .busy
        case "\(Self.control).Stopping": .stopping
        // A newer daemon may have more errors.
        default: .other(name)
        }
    }
}
