// SPDX-License-Identifier: Apache-2.0

/// Where the control socket is. The daemon binds the first candidate; the client tries each in turn.
public enum SocketPath {
    /// The variable that names the socket for both programs.
    public static let environmentVariable = "QWEN_CONTROL_SOCKET"
    static let name = "qwenproxyd/control.sock"

    /// An explicit setting stands alone: falling back from it would talk to a daemon the user did not mean.
    ///
    /// - Parameter user: whose daemon may be one that the system runs for him, qwenproxyd@USER.service.
    public static func candidates(environment: [String: String], user: String? = nil) -> [String] {
        if let path = environment[Self.environmentVariable], !path.isEmpty {
            return [path]
        }
        var paths: [String] = []
        // The XDG base directory specification tells us to ignore a relative path here.
        if let directory = environment["XDG_RUNTIME_DIR"], directory.hasPrefix("/") {
            let trimmed = directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
            paths.append("\(trimmed)/\(Self.name)")
        }
        paths.append("/run/\(Self.name)")
        if let user { paths.append(Self.ofSystemService(for: user)) }
        return paths
    }

    /// A directory for each user whose daemon the system runs.
    public static let ofSystemServices = "/run/qwenproxyd"

    /// Where qwenproxyd@USER.service has it.
    public static func ofSystemService(for user: String) -> String { "\(Self.ofSystemServices)/\(user)/control.sock" }

    /// Where the daemon listens when nobody hands it a socket.
    public static func `default`(environment: [String: String]) -> String {
        // There is always the candidate below /run.
        Self.candidates(environment: environment)[0]
    }
}
