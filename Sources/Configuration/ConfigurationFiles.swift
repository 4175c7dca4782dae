// SPDX-License-Identifier: Apache-2.0

internal import Shared

/// Which files are read: the system's and then the user's, or one that was named. To each `config.toml` belong the files in
/// the directory `config.d` beside it.
struct ConfigurationFiles: Sendable {
    /// A file whose changed copy is tried.
    struct Edit: Sendable, Equatable {
        var file: String
        var copy: String
    }

    /// Where what the user changes is or would be.
    let directory: String
    /// How the only `config.toml` was named. It is read whether or not it exists.
    let namedBy: ConfigurationSource?
    /// In the order in which they are read: a later one goes before earlier ones.
    let paths: [String]

    init(named: (path: String, source: ConfigurationSource)?, paths: ConfigurationPaths, edit: Edit? = nil) {
        let own = paths.ownDirectory
        // The daemon of the system has one directory; read twice, each of its routes would count twice.
        let directories = own == paths.systemDirectory ? [own] : [paths.systemDirectory, own]
        let isElsewhere = edit.map { edit in !directories.contains { edit.file == "\($0)/\(ConfigurationPath.name)" } }
        let main = named?.path ?? (isElsewhere == true ? edit?.file : nil)
        self.namedBy = named?.source
        if let main {
            self.directory = Self.parent(of: main)
            self.paths = Self.files(in: self.directory, main: main)
            return
        }
        let files = directories.map { directory in
            let main = "\(directory)/\(ConfigurationPath.name)"
            return Self.files(in: directory, main: edit?.file == main ? main : nil)
        }
        // Where the user has no files, `config edit` and `upstream add` go on with the system's.
        self.directory = zip(directories, files).reversed().first { !$1.isEmpty }?.0 ?? own
        self.paths = files.flatMap(\.self)
    }

    /// - Parameter main: is read whatever its name is and whether or not it exists.
    private static func files(in directory: String, main: String?) -> [String] {
        let files = ConfigurationPath.files(in: directory)
        guard let main else { return files }
        return [main] + files.filter { $0 != main && $0 != "\(directory)/\(ConfigurationPath.name)" }
    }

    private static func parent(of path: String) -> String {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        return end == path.startIndex ? "" : String(path[..<end])
    }
}
