// SPDX-License-Identifier: Apache-2.0

internal import Catalog
internal import Shared

/// Makes a configuration out of everything that was said: flags over environment over file over defaults.
///
/// It keeps its inputs, so that `load()` on SIGHUP reads the same file again under the same flags.
package struct ConfigurationLoader: Sendable {
    let version: String
    let environment: [String: String]
    /// By `Setting.flag`.
    let flags: [String: String]
    /// The file named by `--config`.
    let file: String?
    private let edit: ConfigurationFiles.Edit?
    private let systemDirectory: String

    /// - Parameters:
    ///   - version: for the default `User-Agent`.
    ///   - flags: what the command line gave, by `Setting.flag`.
    ///   - file: the configuration file, which stands alone; nil looks in the usual places.
    ///   - edited: a file in whose place `file` is read, beside the others that count with it.
    package init(
        version: String, environment: [String: String], flags: [String: String] = [:], file: String? = nil,
        inPlaceOf edited: String? = nil,
    ) {
        self.init(
            version: version, environment: environment, flags: flags, file: file, inPlaceOf: edited,
            systemDirectory: ConfigurationPath.systemDirectory)
    }

    init(
        version: String, environment: [String: String], flags: [String: String] = [:], file: String? = nil,
        inPlaceOf edited: String? = nil, systemDirectory: String,
    ) {
        self.version = version
        self.environment = environment
        self.flags = flags
        self.edit = edited.flatMap { edited in file.map { .init(file: edited, copy: $0) } }
        self.file = self.edit == nil ? file : nil
        self.systemDirectory = systemDirectory
    }

    /// Reads all sources anew. Throws every mistake at once.
    package func load() throws(ConfigurationError) -> Configuration {
        let configuration = self.read()
        guard configuration.mistakes.isEmpty else { throw ConfigurationError(mistakes: configuration.mistakes) }
        return configuration
    }

    /// The same, but with mistakes the result is what can be used all the same: see `Configuration.mistakes`.
    package func read() -> Configuration {
        let paths = ConfigurationPaths(environment: self.environment, systemDirectory: self.systemDirectory)
        var draft = ConfigurationDraft(paths: paths, version: self.version)
        let files = ConfigurationFiles(named: self.fileToRead(paths), paths: paths, edit: self.edit)
        draft.configuration.directory = files.directory
        // Before the settings, which name what is in it.
        self.readCatalog(named: self.fileToRead(draft.paths) != nil ? [files.directory] : nil, into: &draft)
        for path in files.paths {
            // What the administrator keeps to other users is no mistake of one who has a configuration of their own.
            guard path.hasPrefix("\(files.directory)/") || RegularFile.isReadable(path) else {
                draft.warn("\(path) does not count: permission denied.")
                continue
            }
            let isNamed = path == files.paths.first
            if self.readFile(path, namedBy: isNamed ? files.namedBy : nil, into: &draft) {
                draft.configuration.files.append(path)
            }
        }
        // In the order of precedence: what comes later covers what came earlier.
        self.readEnvironment(into: &draft)
        self.readFlags(into: &draft)
        draft.complete()
        return draft.mistakes.isEmpty ? draft.configuration : draft.remnant
    }

    /// Reads the files of the catalogue.
    ///
    /// - Parameter directories: nil for the usual ones.
    private func readCatalog(named directories: [String]?, into draft: inout ConfigurationDraft) {
        let files = CatalogFiles(directories: directories ?? [draft.paths.ownDirectory, draft.paths.systemDirectory])
        let (catalog, problems) = files.load()
        draft.configuration.catalog = catalog
        for problem in problems {
            for message in problem.mistakes {
                if problem.isHandwritten {
                    let source = ConfigurationSource.file(problem.path, line: nil)
                    draft.mistakes.append(ConfigurationMistake(source: source, key: nil, message: message))
                } else {
                    draft.warn("\(problem.path) is not used: \(message)")
                }
            }
        }
        for layer in catalog.layers where layer.origin != .shipped {
            for remark in layer.file.remarks { draft.warn("\(layer.path ?? ""): \(remark)") }
        }
    }

    /// The file that was named, and where.
    private func fileToRead(_ paths: ConfigurationPaths) -> (path: String, source: ConfigurationSource)? {
        if let file = self.file { return (paths.absolute(file), .flag("--config")) }
        return paths.variable("QWEN_CONFIG").map { (paths.absolute($0), .environment("QWEN_CONFIG")) }
    }

    /// Returns whether it could be read.
    private func readFile(
        _ path: String, namedBy source: ConfigurationSource?, into draft: inout ConfigurationDraft,
    ) -> Bool {
        let file: ConfigurationFile
        do {
            file = try ConfigurationFile.read(path, from: path == self.edit?.file ? self.edit?.copy : nil)
        } catch {
            for mistake in error.mistakes {
                draft.mistakes.append(mistake)
                // Who gave an option has just typed it.
                if case .environment = source {
                    draft.mistakes[draft.mistakes.count - 1].message += " (named by \(source, default: ""))"
                }
            }
            return false
        }
        draft.mistakes += file.mistakes
        // Before the entries of this file: what a table leaves out must not be filled from an earlier file's table.
        for name in Set(file.entries.map(\.path).filter { $0.count > 1 && $0[0] == "upstreams" }.map { $0[1] }) {
            draft.forgetUpstream(name)
        }
        let earlierRules = draft.configuration.rules.count
        for entry in file.entries {
            let place = Self.renumbered(entry.path, after: earlierRules)
            draft.apply(entry.value, at: place, from: .file(path, line: entry.line))
        }
        if file.isReadableByOthers { draft.warnAboutSecrets(in: path) }
        return true
    }

    /// The routes of a file come after those of the files before it.
    private static func renumbered(_ path: [String], after count: Int) -> [String] {
        guard count > 0, path.count > 1, path[0] == "routes", path[1].hasPrefix("["),
            let number = Int(path[1].dropFirst().dropLast())
        else { return path }
        return ["routes", "[\(number + count)]"] + path.dropFirst(2)
    }

    private func readEnvironment(into draft: inout ConfigurationDraft) {
        let settings = Setting.all.filter { $0.environment != nil }
        for setting in settings {
            // Set but empty is how unit files and shells take a variable back.
            guard let name = setting.environment, let text = self.environment[name], !text.isEmpty else { continue }
            draft.apply(.text(text), to: setting, name: "", from: .environment(name))
        }
        let known = settings.compactMap(\.environment) + ["QWEN_CONFIG"]
        // QWEN_CODE_* are the variables of Alibaba's own command line tool.
        for name in self.environment.keys.sorted()
        where name.hasPrefix("QWEN_") && !name.hasPrefix("QWEN_CODE_") && !known.contains(name) {
            let suggestion = NameSuggestion.nearest(to: name, among: known)
            draft.warn(
                "The environment variable \(name) is not known"
                    + (suggestion.map { ". Did you mean \($0)?" } ?? " and has no effect."))
        }
    }

    private func readFlags(into draft: inout ConfigurationDraft) {
        // In a fixed order, so that mistakes are told in the same one each time.
        for (flag, text) in self.flags.sorted(by: { $0.key < $1.key }) {
            guard let setting = Setting.all.first(where: { $0.flag == flag }) else {
                preconditionFailure("The flag \(flag) is not in the table of settings.")
            }
            draft.apply(.text(text), to: setting, name: "", from: .flag(flag))
        }
    }
}

/// The environment holds keys: a loader that is printed as part of something else must not show it.
extension ConfigurationLoader: CustomStringConvertible, CustomReflectable {
    package var description: String { "ConfigurationLoader" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
