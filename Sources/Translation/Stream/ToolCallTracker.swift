// SPDX-License-Identifier: Apache-2.0

/// Sorts the fragments of an answer's tool calls into calls, and puts the calls in a row: a call waits for its name, and
/// for the call before it to be whole. The call at the head of the row is passed on as it comes.
struct ToolCallTracker: Sendable {
    enum Action: Equatable {
        case open(name: String)
        /// As it stands inside a JSON string.
        case append(ArraySlice<UInt8>)
        case close
        /// The arguments of the open call end in the middle. It is never closed.
        case abandon
        /// The arguments of the call are no JSON object, cannot be made one and are not the beginning of one.
        case fail(name: String)
    }

    /// More calls than this in one answer are a runaway model.
    static let maximumCalls = 256

    let names: ToolNames
    private let allowsParallelCalls: Bool
    private var calls: [ToolCall] = []
    /// The call that is open, or the next one to be.
    private var head = 0
    private(set) var isOpen = false
    /// The open call has all its brackets and is no JSON all the same. It cannot be closed, and nothing can follow it.
    private var isHeadInvalid = false
    private var hasOpened = false
    private(set) var completedCalls = 0
    /// Calls whose arguments ended in the middle.
    private(set) var cutCalls = 0
    var interventions = InterventionCounts()
    /// Bytes of all arguments.
    private(set) var argumentBytes = 0
    private var outgoing: [UInt8] = []

    init(context: ResponseContext) {
        self.names = ToolNames(context)
        self.allowsParallelCalls = context.allowsParallelCalls
    }

    var hasTooManyCalls: Bool { self.calls.count > Self.maximumCalls }

    /// The open call could be closed now.
    var isOpenCallComplete: Bool {
        self.isOpen && !self.isHeadInvalid && self.calls[self.head].arguments.isComplete
    }

    mutating func receive(_ fragment: ToolCallFragment) {
        let position = self.position(for: fragment) ?? self.append(fragment)
        self.name(position, fragment.name)
        if self.calls[position].id.isEmpty, !fragment.id.isEmpty { self.calls[position].id = Array(fragment.id) }
        self.calls[position].arguments.append(fragment.arguments, hasHalves: fragment.hasHalves)
        self.argumentBytes += fragment.arguments.count
    }

    private mutating func name(_ position: Int, _ piece: String) {
        guard !piece.isEmpty, let name = self.name(of: self.calls[position], continuedBy: piece),
            name != self.calls[position].name
        else { return }
        self.calls[position].name = name
        self.calls[position].arguments.setTypes(self.names.tool(called: name)?.parameters ?? [:])
    }

    /// Nil when the piece is the name of another call. A name is complete when the arguments begin.
    private func name(of call: ToolCall, continuedBy piece: String) -> String? {
        if call.name.isEmpty || piece.isEmpty || call.arguments.isEmpty {
            return self.names.name(call.name, continuedBy: piece)
        }
        return call.name == piece ? call.name : nil
    }

    /// What to do next; nil when more fragments are needed. `closes` says that something else is to be sent, so that a
    /// call that is whole must make room.
    mutating func next(closes: Bool = false) -> Action? {
        while self.head < self.calls.count {
            if self.isOpen {
                if let action = self.takeArguments() { return action }
                // A whole call stays open as long as nothing follows: an empty object may only be a server's way to
                // begin.
                guard self.isOpenCallComplete, closes || self.head + 1 < self.calls.count else { return nil }
                return self.finishOpenCall(repairs: true)
            } else {
                guard self.isHeadReady(closes: closes) else { return nil }
                if let action = self.openHead() { return action }
            }
        }
        return nil
    }

    /// What to do when no more fragments come, called until it returns nil. With `repairs`, a call with a mistake in it
    /// is made whole if that can be done; where the model did not stop by itself it must not be, because half of the
    /// call is missing.
    mutating func finish(repairs: Bool) -> Action? {
        while self.head < self.calls.count {
            let name = self.calls[self.head].name
            if self.isOpen {
                return self.finishOpenCall(repairs: repairs) ?? .fail(name: name)
            }
            // A call that never got its name.
            guard !name.isEmpty else {
                self.head += 1
                continue
            }
            if self.dropsHead() { continue }
            switch self.finishArguments(repairs: repairs) {
            case .whole:
                if let action = self.openHead() { return action }
            case .cut:
                // Nothing of it was sent.
                self.head += 1
            case .invalid:
                return .fail(name: name)
            }
        }
        return nil
    }
}

// MARK: - The row

extension ToolCallTracker {
    /// The block is not opened before there is something to put into it.
    private func isHeadReady(closes: Bool) -> Bool {
        // The block's first event names the tool, and cannot be corrected later.
        guard !self.calls[self.head].name.isEmpty else { return false }
        // Until there is something to send, a call that turns out to be nonsense has told the client nothing, and the
        // whole request can be repeated.
        let hasSendable = self.calls[self.head].arguments.hasSendable
        if self.calls[self.head].arguments.isComplete {
            return closes || hasSendable || self.head + 1 < self.calls.count
        }
        // A repetition shows when its arguments are whole; before that a second block with the same call might be
        // opened.
        return hasSendable && !self.calls[self.head].mayBeRepetition
    }

    /// Nil when the call was there before, or is one too many: then it is left out.
    private mutating func openHead() -> Action? {
        if self.isHeadRepetition {
            self.head += 1
            return nil
        }
        if self.dropsHead() { return nil }
        self.isOpen = true
        self.hasOpened = true
        return .open(name: self.calls[self.head].name)
    }

    private var isHeadRepetition: Bool {
        let call = self.calls[self.head]
        return call.mayBeRepetition && self.calls[..<self.head].contains { call.isRepetition(of: $0) }
    }

    /// Leaves the call out if the client takes only one, which it has got. True if so.
    private mutating func dropsHead() -> Bool {
        guard self.hasOpened, !self.allowsParallelCalls else { return false }
        if !self.isHeadRepetition { self.interventions.record(.parallelCallDropped) }
        self.head += 1
        return true
    }

    private mutating func takeArguments() -> Action? {
        self.calls[self.head].arguments.takeSendable(into: &self.outgoing)
        return self.outgoing.isEmpty ? nil : .append(self.outgoing[...])
    }

    private mutating func finishOpenCall(repairs: Bool) -> Action? {
        switch self.finishArguments(repairs: repairs) {
        case .whole:
            if let action = self.takeArguments() { return action }
            self.completedCalls += 1
            // Counted here and not earlier: a call that is cut does not reach the client with it.
            self.interventions.record(.argumentUnwrapped, count: self.calls[self.head].arguments.unwrappedValues)
            return self.leaveOpenCall(.close)
        case .cut:
            return self.leaveOpenCall(.abandon)
        case .invalid:
            self.isHeadInvalid = true
            return nil
        }
    }

    private mutating func leaveOpenCall(_ action: Action) -> Action {
        self.isOpen = false
        self.head += 1
        return action
    }

    private mutating func finishArguments(repairs: Bool) -> ToolArguments.Completion {
        let completion = self.calls[self.head].arguments.finish(repairs: repairs)
        switch completion {
        case .whole(let isMended):
            if isMended { self.interventions.record(.argumentsMended) }
        case .cut:
            self.cutCalls += 1
            self.interventions.record(.callCut)
        case .invalid:
            break
        }
        return completion
    }
}

// MARK: - The call that a fragment belongs to

extension ToolCallTracker {
    private mutating func append(_ fragment: ToolCallFragment) -> Int {
        self.calls.append(
            ToolCall(
                index: fragment.index,
                id: Array(fragment.id),
                mayBeRepetition: !fragment.id.isEmpty && self.calls.contains { $0.id.elementsEqual(fragment.id) },
            )
        )
        return self.calls.count - 1
    }

    /// The call a fragment continues; nil when it begins one.
    private func position(for fragment: ToolCallFragment) -> Int? {
        // A call recovered from text has no index; without this it would continue whatever came last.
        if fragment.isWhole { return nil }
        // Servers disagree about what tells calls apart: the index may be missing or the same for all, the id may be
        // missing, empty, the same for all or another in each fragment, the name may come late or each time.
        if !fragment.id.isEmpty, let position = self.lastPosition(withID: fragment) {
            return self.continues(position, fragment) ? position : nil
        }
        guard let position = self.lastPosition(at: fragment.index) else { return nil }
        let call = self.calls[position]
        let isOfThisCall = self.name(of: call, continuedBy: fragment.name) != nil
        if fragment.id.isEmpty {
            if fragment.name.isEmpty || call.name.isEmpty { return position }
            // A name that is repeated in every fragment or comes in pieces, or the next call of a server that counts all
            // calls as zero.
            let isNextCall = !isOfThisCall || call.arguments.isComplete && fragment.beginsObject
            return isNextCall ? nil : position
        }
        // Another id begins the next call, except where the call has none yet. And a call cannot begin without a name, so
        // that a fragment without one belongs to the open call: there are servers that make up an id for every fragment.
        let isOpen = !call.arguments.isComplete || call.arguments.isEmptyObject
        if fragment.name.isEmpty { return isOpen ? position : nil }
        if call.id.isEmpty { return isOfThisCall && !call.arguments.isComplete ? position : nil }
        return isOfThisCall && fragment.name != call.name && isOpen ? position : nil
    }

    /// Whether a fragment with the id of a known call belongs to it, or is another one with the same id.
    private func continues(_ position: Int, _ fragment: ToolCallFragment) -> Bool {
        let call = self.calls[position]
        // The same id for every call: the index and a name of its own say that this is the next one.
        if let index = fragment.index, index != call.index, !fragment.name.isEmpty { return false }
        return !(call.arguments.isComplete && fragment.beginsObject && !call.arguments.isEmptyObject)
    }

    /// The last call with the fragment's id, one at the fragment's index before all others.
    private func lastPosition(withID fragment: ToolCallFragment) -> Int? {
        self.calls.lastIndex { $0.id.elementsEqual(fragment.id) && $0.index == fragment.index }
            ?? self.calls.lastIndex { $0.id.elementsEqual(fragment.id) }
    }

    private func lastPosition(at index: Int?) -> Int? {
        guard let index else { return self.calls.indices.last }
        return self.calls.lastIndex { $0.index == index }
    }
}

/// The names of the functions the model may call: what they mean, and how one that comes in pieces is put together.
struct ToolNames: Sendable {
    private let tools: [DeclaredTool]
    /// By the names that the model knows.
    private let renamedTools: [String: String]

    // Most answers never ask, so that no list of names is made in advance.
    init(_ context: ResponseContext) {
        self.tools = context.tools
        self.renamedTools = context.renamedTools
    }

    /// The name the client knows a called function by.
    func clientName(of upstreamName: String) -> String { self.renamedTools[upstreamName] ?? upstreamName }

    /// The declared function a call means; nil when the model made the name up.
    func tool(called upstreamName: String) -> DeclaredTool? { self.tools.tool(called: upstreamName) }

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

    private func isDeclared(_ name: String) -> Bool {
        self.tool(called: name) != nil || self.renamedTools[name] != nil
    }

    private func isBeginning(_ text: String) -> Bool {
        self.tools.contains { $0.upstreamName.hasPrefix(text) }
            || self.renamedTools.keys.contains { $0.hasPrefix(text) }
    }
}
