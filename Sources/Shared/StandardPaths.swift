// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// Where the control socket is. The daemon binds the first candidate; the client tries each in turn.
public enum SocketPath {
    /// The variable that names the socket for both programs.
    public static let environmentVariable = "QWEN_CONTROL_SOCKET"
    static let name = "qwenproxyd/control.sock"

    /// An explicit setting stands alone.
    ///
    /// - Parameter user: the user whose daemon the system may run, as qwenproxyd@USER.service.
    public static func candidates(environment: [String: String], user: String? = nil) -> [String] {
        if let path = environment[Self.environmentVariable], !path.isEmpty {
            // Falling back from it could talk to a daemon the user did not mean.
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

    /// The user whose daemon the system runs with this socket; nil of any other socket.
    public static func userOfSystemService(at path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, Self.ofSystemService(for: parts[3]) == path else { return nil }
        return parts[3]
    }

    /// Where the daemon listens when no socket is passed to it.
    public static func `default`(environment: [String: String]) -> String {
        // There is always the candidate below /run.
        Self.candidates(environment: environment)[0]
    }
}

/// Where configuration files are. The daemon reads them, the client edits them.
public enum ConfigurationPath {
    /// Names a file that stands alone.
    public static let environmentVariable = "QWEN_CONFIG"

    /// The name of the file in each of the usual directories.
    public static let name = "config.toml"

    /// The administrator's, for all users.
    public static let systemDirectory = "/etc/qwenproxyd"

    /// The user's own directory.
    /// - Parameter configurationHome: XDG_CONFIG_HOME, if it is set to an absolute path.
    public static func ownDirectory(configurationHome: String?, home: String) -> String {
        "\(configurationHome ?? "\(home)/.config")/qwenproxyd"
    }

    /// The files of a configuration directory that are read, in this order: `config.toml` if it is there, then those
    /// of `config.d` by their names.
    public static func files(in directory: String) -> [String] {
        let main = "\(directory)/\(Self.name)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/config.d")) ?? []
        // Hidden files are an editor's, or half written.
        let dropIns = names.filter { $0.hasSuffix(".toml") && !$0.hasPrefix(".") }.sorted()
        // A link that leads nowhere is a mistake to be told: its owner means something by it, and the defaults are not that.
        var status = stat()
        let hasMain = unsafe lstat(main, &status) == 0
        return (hasMain ? [main] : []) + dropIns.map { "\(directory)/config.d/\($0)" }
    }
}

/// Where both programs keep what they have to remember.
public enum StateDirectory {
    private static let name = "qwenproxyd"

    /// `$STATE_DIRECTORY`, which systemd makes for a unit with `StateDirectory=`, else below `$XDG_STATE_HOME` or
    /// `~/.local/state` (XDG base directory specification). Nil when the environment names no such place.
    public static func path(environment: [String: String]) -> String? {
        // A unit with several directories gets them all, separated by colons.
        if let directories = environment["STATE_DIRECTORY"],
            let first = directories.split(separator: ":").first, first.hasPrefix("/")
        {
            return String(first)
        }
        // The specification tells us to ignore a relative path.
        if let home = environment["XDG_STATE_HOME"], home.hasPrefix("/") { return "\(home)/\(Self.name)" }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return "\(home)/.local/state/\(Self.name)"
    }
}

/// The program that this process runs.
public enum OwnProgram {
    /// The file it was started from; nil where /proc is not there. Once the file is replaced, the kernel says "(deleted)"
    /// after its name.
    public static var path: String? {
        // Not by the first argument, which the caller chooses.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            let room = buffer.count
            count = unsafe buffer.withMemoryRebound(to: CChar.self) { buffer in
                guard let base = buffer.baseAddress else { return 0 }
                // readlink(2) says -1 where it fails, which is no count.
                return max(0, unsafe readlink("/proc/self/exe", base, room))
            }
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// The program of this name in the directory of this one, if it is there.
    public static func sibling(named name: String) -> String? {
        guard let own = self.path, let slash = own.lastIndex(of: "/") else { return nil }
        let beside = String(own[...slash] + name)
        return SearchPath.isProgram(beside) ? beside : nil
    }

    /// What to type, in any directory, to run the program of this name that belongs to this one: its name where the shell
    /// finds it by that, else its path.
    public static func typed(_ name: String, in searchPath: SearchPath = .ofProcess) -> String {
        guard let sibling = self.sibling(named: name) else { return name }
        return searchPath.shortName(of: sibling) ?? ShellWord.quoted(sibling)
    }
}
