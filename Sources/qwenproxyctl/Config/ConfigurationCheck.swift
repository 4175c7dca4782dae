// SPDX-License-Identifier: Apache-2.0

/// What the daemon's own reader says about a configuration. Only it knows the settings.
struct ConfigurationCheck: Encodable, Equatable {
    var isGood: Bool
    /// Mistakes, or warnings when it is good; one sentence each.
    var remarks: [String]

    enum Failure: Error, Equatable {
        case noDaemonProgram
        case couldNotRun(path: String, reason: String)
    }

    /// - Parameter file: nil is the one that the daemon would read.
    static func run(_ file: String?) throws(Failure) -> ConfigurationCheck {
        guard let daemon = ExternalProgram.daemon else { throw .noDaemonProgram }
        do throws(ExternalProgram.Failure) {
            let output = try daemon.run(["--check-config"] + (file.map { ["--config", $0] } ?? []))
            return ConfigurationCheck(
                isGood: output.status == 0, remarks: output.errors.split(separator: "\n").map(String.init))
        } catch {
            throw .couldNotRun(path: daemon.path, reason: error.reason)
        }
    }
}

extension ConfigurationCheck.Failure {
    var message: String {
        switch self {
        case .noDaemonProgram:
            "There is no \"qwenproxyd\" beside this program or on the search path (PATH), and only it can check settings."
        case .couldNotRun(let path, let reason): "\(path) could not be run: \(reason)"
        }
    }
}
