// SPDX-License-Identifier: Apache-2.0

/// Which folder of a target mentions types of which other one. Files beside the folders belong to no folder: all may know
/// what they declare, and they put together what the folders have.
struct FolderGraph {
    /// From a folder to another, with one name that makes the arrow.
    private var arrows: [String: [String: String]] = [:]

    init(_ files: [SourceTree.File]) {
        var owners: [Substring: Set<String>] = [:]
        let words = files.map { Self.words(of: $0.text) }
        for (file, lines) in zip(files, words) {
            for name in lines.compactMap(Self.visible) { owners[name, default: []].insert(file.folder ?? "") }
        }
        for (file, lines) in zip(files, words) {
            guard let folder = file.folder else { continue }
            // A type of the file's own hides one of the same name elsewhere.
            for name in Set(lines.joined()).subtracting(lines.compactMap(Self.declared)) {
                guard let declaring = owners[name], declaring.count == 1, let owner = declaring.first,
                    owner != folder, !owner.isEmpty
                else { continue }
                self.arrows[folder, default: [:]][owner] = "\(name) in \(file.path)"
            }
        }
    }

    /// A way from a folder back to it, as the arrows' reasons; nil when there is none.
    var circle: [String]? {
        var finished: Set<String> = []
        for folder in self.arrows.keys.sorted() {
            if let circle = self.circle(from: folder, path: [], &finished) { return circle }
        }
        return nil
    }

    private func circle(
        from folder: String, path: [(folder: String, reason: String)], _ finished: inout Set<String>,
    ) -> [String]? {
        if let start = path.firstIndex(where: { $0.folder == folder }) { return path[start...].map(\.reason) }
        guard !finished.contains(folder) else { return nil }
        for (next, reason) in (self.arrows[folder] ?? [:]).sorted(by: { $0.key < $1.key }) {
            let step = (folder, "\(folder) -> \(next): \(reason)")
            if let circle = self.circle(from: next, path: path + [step], &finished) { return circle }
        }
        finished.insert(folder)
        return nil
    }

    private static let declarations: Set<Substring> = ["struct", "class", "enum", "actor", "protocol", "typealias"]

    /// The name of the type that a line declares.
    private static func declared(in line: [Substring]) -> Substring? {
        guard let keyword = line.firstIndex(where: Self.declarations.contains), keyword + 1 < line.count else {
            return nil
        }
        return line[keyword + 1]
    }

    /// The same, when it stands at the left margin and other files can see it.
    private static func visible(in line: [Substring]) -> Substring? {
        let isHidden = ["", "private", "fileprivate"].contains(line.first)
        return isHidden ? nil : Self.declared(in: line)
    }

    /// Each line's words, without comments and the insides of strings. A line that is indented begins with an empty word.
    private static func words(of text: String) -> [[Substring]] {
        var isInText = false
        return text.split(separator: "\n").map { line in
            let pieces = line.split(separator: "\"\"\"", omittingEmptySubsequences: false)
            defer { if pieces.count == 2 { isInText.toggle() } }
            let code = isInText ? pieces.last.flatMap { pieces.count == 2 ? $0 : nil } ?? "" : pieces[0]
            let plain = code.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 0 }.map(\.element)
            let margin: [Substring] = line.hasPrefix(" ") ? [""] : []
            return margin + Self.words(before: "//", in: plain.joined(separator: " "))
        }
    }

    private static func words(before comment: String, in code: String) -> [Substring] {
        let end = code.firstRange(of: comment)?.lowerBound ?? code.endIndex
        return code[..<end].split { !$0.isLetter && !$0.isNumber && $0 != "_" }
    }
}
