// SPDX-License-Identifier: Apache-2.0

/// The names of the functions the model may call, to put a name together that comes in pieces.
struct ToolNames: Sendable {
    private let names: [String]

    init(_ context: ResponseContext) {
        self.names = context.tools.map(\.upstreamName) + context.renamedTools.keys
    }

    /// The name of a call that is called `name` so far, once `piece` has come too. Nil when the piece is no part of the
    /// name but the name of another call.
    func name(_ name: String, continuedBy piece: String) -> String? {
        if piece.isEmpty { return name }
        if name.isEmpty { return piece }
        let isWhole = self.isDeclared(name)
        // Most servers that repeat the name repeat all of it.
        if name == piece, isWhole || !self.isBeginning(name + piece) { return name }
        // Two names, even if a third is made of them.
        if isWhole, self.isDeclared(piece) { return nil }
        if self.isBeginning(name + piece) { return name + piece }
        // The name so far, in each fragment.
        return !isWhole && piece.hasPrefix(name) && self.isBeginning(piece) ? piece : nil
    }

    private func isDeclared(_ name: String) -> Bool { self.names.contains(name) }

    private func isBeginning(_ text: String) -> Bool { self.names.contains { $0.hasPrefix(text) } }
}
