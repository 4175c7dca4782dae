// SPDX-License-Identifier: Apache-2.0

import Shared
import Translation

/// Reads the members of one object of the file, and notes what is wrong with each and what nothing asked for.
struct CatalogObjectReader {
    private let document: JSONDocument
    private let node: JSONNode
    /// As it stands before the name of a member in a message, such as `models[3].`.
    private let place: String
    private var known: [String] = []
    /// What is wrong.
    private(set) var mistakes = CatalogNotes()
    /// Members that are not known here.
    private(set) var remarks = CatalogNotes()

    init(_ document: JSONDocument, _ node: JSONNode, at place: String) {
        self.document = document
        self.node = node
        self.place = place
    }

    mutating func mistake(_ name: StaticString, _ message: String) {
        self.mistakes.add("\(self.place)\(name): \(message)")
    }

    /// Says of each name of a list that is there twice that it is.
    mutating func refuse(twice names: [String], as member: StaticString) {
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted { self.mistake(member, "\(name) is there twice") }
    }

    /// Takes over what another reader found wrong with a part of this object.
    mutating func take(_ part: CatalogObjectReader) {
        self.mistakes.take(part.mistakes)
        self.remarks.take(part.remarks)
    }

    /// A string that says something.
    mutating func text(_ name: StaticString, isRequired: Bool = false) -> String? {
        guard let member = self.member(name) else {
            if isRequired { self.mistake(name, "it has to be there") }
            return nil
        }
        // These texts are printed on a terminal, and the file may have come from elsewhere.
        guard let text = self.document.string(member), !text.isEmpty,
            !text.unicodeScalars.contains(where: { $0.steersDisplay })
        else {
            self.mistake(name, "expected text on one line")
            return nil
        }
        return text
    }

    /// A list of strings.
    mutating func names(_ name: StaticString, isRequired: Bool = true) -> [String]? {
        guard let member = self.member(name) else {
            if isRequired { self.mistake(name, "it has to be there") }
            return nil
        }
        let elements = Array(self.document.elements(of: member))
        let names = elements.compactMap { self.document.string($0) }
        guard self.document.kind(of: member) == .array, names.count == elements.count,
            names.allSatisfy(\.isShowableName)
        else {
            self.mistake(name, "expected a list of texts, each short and on one line")
            return nil
        }
        return names
    }

    /// A number of tokens, requests or the like.
    mutating func count(_ name: StaticString) -> Int? {
        guard let member = self.member(name) else { return nil }
        // An upper bound, so that sums and products of counts cannot overflow.
        guard let count = self.document.integer(member), (1...(1 << 31)).contains(count) else {
            self.mistake(name, "expected a whole number from 1")
            return nil
        }
        return count
    }

    /// Names of hosts, in lower case. With an address or a pattern in its place no host would ever be found.
    mutating func domains(_ name: StaticString) -> [String]? {
        guard let names = self.names(name, isRequired: false)?.map({ $0.lowercased() }) else { return nil }
        let areHosts = names.allSatisfy { name in
            IPAddress(name) != nil
                || name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                    !label.isEmpty && label.utf8.allSatisfy { $0.isLetterOrDigit || "-_".utf8.contains($0) }
                }
        }
        guard areHosts else {
            self.mistake(name, "expected names of hosts such as example.com")
            return nil
        }
        return names
    }

    /// A number of dollars.
    mutating func price(_ name: StaticString, isRequired: Bool = false) -> Double? {
        guard let member = self.member(name) else {
            if isRequired { self.mistake(name, "expected a price") }
            return nil
        }
        guard let price = self.document.double(member), (0...1_000_000).contains(price) else {
            self.mistake(name, "expected a price in dollars")
            return nil
        }
        return price
    }

    mutating func flag(_ name: StaticString) -> Bool? {
        guard let member = self.member(name) else { return nil }
        guard let flag = self.document.boolean(member) else {
            self.mistake(name, "expected true or false")
            return nil
        }
        return flag
    }

    /// One of the words that this version knows.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(_ name: StaticString) -> Choice?
    where Choice.RawValue == String {
        guard let member = self.member(name) else { return nil }
        guard let choice = self.document.string(member).flatMap({ Choice(rawValue: $0) }) else {
            self.mistake(name, "expected one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
        return choice
    }

    /// A day that has to be there.
    mutating func date(_ name: StaticString) -> String? {
        guard self.document.member(name, of: self.node) != nil else {
            self.mistake(name, "it has to be there")
            return nil
        }
        return self.optionalDate(name)
    }

    mutating func optionalDate(_ name: StaticString) -> String? {
        guard let member = self.member(name) else { return nil }
        // A moment of that day: what reads moments knows the calendar.
        guard let text = self.document.string(member), Timestamp("\(text)T00:00:00Z") != nil else {
            self.mistake(name, "expected a day such as 2026-11-26")
            return nil
        }
        return text
    }

    /// A list of objects, each with a reader of its own. An absent list is an empty one.
    mutating func objects(_ name: StaticString) -> [CatalogObjectReader] {
        guard let member = self.member(name) else { return [] }
        let elements = Array(self.document.elements(of: member))
        guard self.document.kind(of: member) == .array,
            elements.allSatisfy({ self.document.kind(of: $0) == .object })
        else {
            self.mistake(name, "expected a list of objects")
            return []
        }
        return elements.enumerated().map { index, element in
            CatalogObjectReader(self.document, element, at: "\(self.place)\(name)[\(index)].")
        }
    }

    /// Whether the object says anything about `name`.
    func has(_ name: StaticString) -> Bool { self.document.member(name, of: self.node) != nil }

    /// A member that nothing asked for is a slip of the pen, or what a later version knows. One that stands there twice says
    /// two things.
    mutating func noteUnknown() {
        var seen: Set<String> = []
        var (mistakes, remarks) = (self.mistakes, self.remarks)
        for (name, _) in self.document.members(of: self.node) {
            guard let name = self.document.string(name) else { continue }
            if !self.known.contains(name) {
                remarks.add(self.remark(on: name))
            } else if !seen.insert(name).inserted {
                mistakes.add("\(self.place)\(name): it is there twice")
            }
        }
        (self.mistakes, self.remarks) = (mistakes, remarks)
    }

    private func remark(on name: String) -> String {
        guard name.isShowableName else { return "\(self.place)a member whose name cannot be shown has no effect." }
        let suggestion = NameSuggestion.nearest(to: name, among: self.known).map { " Did you mean \($0)?" } ?? ""
        return "\(self.place)\(name) is not known here and has no effect.\(suggestion)"
    }

    private mutating func member(_ name: StaticString) -> JSONNode? {
        // Also where the member is absent: it may be what a misspelt one was meant to be.
        self.known.append("\(name)")
        return self.document.member(name, of: self.node)
    }
}

/// What is told about a file, each with its place: the first few, and how many more there are. A file that was not meant as a
/// catalogue can have a hundred thousand.
struct CatalogNotes: Sendable, Equatable {
    private static let limit = 20

    private var first: [String] = []
    private var omitted = 0

    var isEmpty: Bool { self.first.isEmpty }

    /// - Parameter note: made only when it is told.
    mutating func add(_ note: @autoclosure () -> String) {
        if self.first.count < Self.limit { self.first.append(note()) } else { self.omitted += 1 }
    }

    mutating func take(_ others: Self) {
        let room = Self.limit - self.first.count
        self.first += others.first.prefix(room)
        self.omitted += max(0, others.first.count - room) + others.omitted
    }

    /// For people.
    var lines: [String] { self.first + (self.omitted == 0 ? [] : ["And \(self.omitted) more of that kind."]) }
}
