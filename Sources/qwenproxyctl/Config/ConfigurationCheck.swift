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

    /// - Parameters:
    ///   - file: nil is all that the daemon would read.
    ///   - edited: the file in whose place `file` is to be read, beside the others.
    static func run(_ file: String?, inPlaceOf edited: String? = nil) throws(Failure) -> ConfigurationCheck {
        guard let daemon = ExternalProgram.daemon else { throw .noDaemonProgram }
        do throws(ExternalProgram.Failure) {
            let output = try daemon.run(
                ["--check-config"] + (file.map { ["--config", $0] } ?? [])
                    + (edited.map { ["--in-place-of", $0] } ?? []))
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
