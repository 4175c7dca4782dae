// SPDX-License-Identifier: Apache-2.0

/// Which target depends on what, by name.
struct TargetGraph: Equatable {
    private(set) var arrows: [String: Set<String>] = [:]

    /// Reads the targets below `Sources` out of `Package.swift`.
    init(manifest: String) {
        for kind in [".target(", ".executableTarget("] {
            for target in manifest.components(after: "\n        " + kind) {
                let call = target.prefix(upTo: Self.end(of: target))
                guard let name = call.quoted.first, !call.contains("path: \"Tests/") else { continue }
                let list = call.components(after: "dependencies: [").first.map { $0.prefix { $0 != "]" } } ?? ""
                self.arrows[name] = Set(
                    list.split(separator: "\n").flatMap { line in
                        line.contains(".product(") ? Array(line.quoted.prefix(1)) : line.quoted
                    })
            }
        }
    }

    /// Reads the drawing in the documentation: a target, an arrow, and names with commas between them, in each line of the
    /// first block of code. NIO stands for all its modules.
    init(drawing: String) {
        let block = drawing.components(after: "```\n").first.map { $0.prefix { $0 != "`" } } ?? ""
        for line in block.replacing(",\n", with: ",").split(separator: "\n") {
            let sides = line.split(separator: "->").map { $0.filter { $0 != " " } }
            guard let name = sides.first else { continue }
            self.arrows[name] = Set(sides.dropFirst().first?.split(separator: ",").map(String.init) ?? [])
        }
    }

    /// As it is drawn: only `targets`, and one name for NIO.
    func drawn(_ targets: Set<String>) -> TargetGraph {
        var graph = self
        graph.arrows = self.arrows.filter { targets.contains($0.key) }
            .mapValues { Set($0.map { $0.hasPrefix("NIO") ? "NIO" : $0 }) }
        return graph
    }

    private static func end(of call: Substring) -> Substring.Index {
        var depth = 1
        for index in call.indices {
            if call[index] == "(" { depth += 1 }
            if call[index] == ")" { depth -= 1 }
            if depth == 0 { return index }
        }
        return call.endIndex
    }
}

extension StringProtocol {
    /// What follows each occurrence of `mark`, to the end of the text.
    fileprivate func components(after mark: String) -> [Substring] {
        self.ranges(of: mark).map { Substring(self[$0.upperBound...]) }
    }

    /// The string literals in it.
    fileprivate var quoted: [String] {
        self.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}
