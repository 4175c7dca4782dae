// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// Which files are read: one `config.toml`, and the files in the directory `config.d` beside it in the order of their names.
struct ConfigurationFiles: Sendable {
    static let mainName = "config.toml"
    static let dropInDirectory = "config.d"

    /// Where the file is or would be.
    let directory: String
    /// A file that was named is here whether or not it exists.
    let main: String?
    let namedBy: ConfigurationSource?
    let dropIns: [String]

    init(named: (path: String, source: ConfigurationSource)?, paths: ConfigurationPaths) {
        if let named {
            self.main = named.path
            self.namedBy = named.source
            self.directory = Self.parent(of: named.path)
        } else {
            let directories = paths.configurationDirectories
            let found = directories.first { directory in
                RegularFile.exists(directory + "/" + Self.mainName) || !Self.dropIns(in: directory).isEmpty
            }
            self.directory = found ?? directories[0]
            let file = self.directory + "/" + Self.mainName
            self.main = RegularFile.exists(file) ? file : nil
            self.namedBy = nil
        }
        self.dropIns = Self.dropIns(in: self.directory)
    }

    /// Hidden files are an editor's, or half written.
    private static func dropIns(in directory: String) -> [String] {
        let path = directory + "/" + Self.dropInDirectory
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasSuffix(".toml") && !$0.hasPrefix(".") }.sorted().map { path + "/" + $0 }
    }

    private static func parent(of path: String) -> String {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        return end == path.startIndex ? "" : String(path[..<end])
    }
}
