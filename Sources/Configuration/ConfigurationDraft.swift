// SPDX-License-Identifier: Apache-2.0

internal import Shared

/// A configuration in the making, and everything that was wrong on the way.
struct ConfigurationDraft {
    let paths: ConfigurationPaths
    var configuration = Configuration()
    var mistakes: [ConfigurationMistake] = []

    init(paths: ConfigurationPaths, version: String) {
        self.paths = paths
        self.configuration.control.socket = paths.controlSocket
        self.configuration.oauth.directory = paths.oauthDirectory
        self.configuration.upstream.userAgent = "qwenproxyd/\(version)"
    }

    mutating func warn(_ text: String) {
        self.configuration.warnings.append(text)
    }

    mutating func apply(_ raw: RawSetting, at path: [String], from source: ConfigurationSource) {
        for setting in Setting.all {
            guard let name = setting.name(in: path) else { continue }
            self.apply(raw, to: setting, name: name, from: source)
            return
        }
        let key = Setting.display(path)
        let message =
            Setting.all.contains { $0.isInside(path) }
            ? "expected a table of settings, not \(raw.typeName)" : Self.unknown(path)
        self.mistakes.append(ConfigurationMistake(source: source, key: key, message: message))
    }

    mutating func apply(_ raw: RawSetting, to setting: Setting, name: String, from source: ConfigurationSource) {
        if let refusal = setting.apply(&self.configuration, name, raw) {
            let key = setting.displayKey(name: name)
            self.mistakes.append(ConfigurationMistake(source: source, key: key, message: refusal))
        } else {
            let name = setting.isNamed ? name : nil
            // The last source counts, and only it is shown.
            self.configuration.provenance.removeAll { $0.key == setting.key && $0.name == name }
            self.configuration.provenance.append(Provenance(key: setting.key, name: name, source: source))
        }
    }

    /// Called after the file was read, before other sources can cover what is in it.
    mutating func warnAboutSecrets(in path: String) {
        let secrets = Setting.all.filter(\.isSecret).map(\.key)
        let isInFile = self.configuration.provenance.contains { entry in
            guard secrets.contains(entry.key), case .file(path, _) = entry.source else { return false }
            return true
        }
        guard isInFile else { return }
        self.warn("\(path) holds a secret and other users can read it. Run: chmod 600 \(path)")
    }

    /// Where `key` was set.
    func source(of key: String) -> ConfigurationSource {
        self.configuration.provenance.last { $0.key == key }?.source ?? .default
    }

    /// An upstream that a later file describes again is described there alone.
    mutating func forgetUpstream(_ name: String) {
        guard self.configuration.entries.removeValue(forKey: name) != nil else { return }
        self.configuration.provenance.removeAll { $0.isAbout(upstream: name) }
    }

    mutating func refuse(_ key: String, _ message: String) {
        self.mistakes.append(ConfigurationMistake(source: self.source(of: key), key: key, message: message))
    }

    private static func unknown(_ path: [String]) -> String {
        let known = Setting.all.map { setting in
            Setting.display(
                zip(setting.segments, path + setting.segments.dropFirst(path.count))
                    .map { $0 == "*" || ($0 == "[]" && $1.hasPrefix("[")) ? $1 : $0 })
        }
        let tables = Set(Setting.all.map { $0.segments[0] })
        // The right name in the wrong table is as common as a typing mistake.
        let misplaced = Setting.all.first { !$0.isNamed && $0.segments.last == path.last }?.key
        let suggestion =
            misplaced
            ?? NameSuggestion.nearest(to: Setting.display(path), among: known)
            ?? (path.count == 1 ? NameSuggestion.nearest(to: path[0], among: tables).map { "[\($0)]" } : nil)
        if let suggestion { return "there is no such setting. Did you mean \(suggestion)?" }
        let siblings = Setting.all.filter { path.count > 1 && $0.isInside(Array(path.dropLast())) }
            .compactMap { $0.segments.count == path.count ? $0.segments.last : nil }
        let choices = siblings.isEmpty ? tables.sorted().map { "[\($0)]" } : siblings
        return "there is no such setting. Known here: \(choices.joined(separator: ", "))"
    }
}
