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
    /// Each with its place.
    private(set) var mistakes: [String] = []
    /// Members that are not known here.
    private(set) var remarks: [String] = []

    init(_ document: JSONDocument, _ node: JSONNode, at place: String) {
        self.document = document
        self.node = node
        self.place = place
    }

    mutating func mistake(_ name: StaticString, _ message: String) {
        self.mistakes.append("\(self.place)\(name): \(message)")
    }

    /// Takes over what another reader found wrong with a part of this object.
    mutating func take(_ part: CatalogObjectReader) {
        self.mistakes += part.mistakes
        self.remarks += part.remarks
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

    /// A number of dollars.
    mutating func price(_ name: StaticString) -> Double? {
        guard let member = self.member(name) else { return nil }
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

    /// A member that nothing asked for is a slip of the pen, or what a later version knows.
    mutating func noteUnknown() {
        for (name, _) in self.document.members(of: self.node) {
            guard let name = self.document.string(name), !self.known.contains(name) else { continue }
            guard name.isShowableName else {
                self.remarks.append("\(self.place)a member whose name cannot be shown has no effect.")
                continue
            }
            let suggestion = NameSuggestion.nearest(to: name, among: self.known).map { " Did you mean \($0)?" } ?? ""
            self.remarks.append("\(self.place)\(name) is not known here and has no effect.\(suggestion)")
        }
    }

    private mutating func member(_ name: StaticString) -> JSONNode? {
        // Also where the member is absent: it may be what a misspelt one was meant to be.
        self.known.append("\(name)")
        return self.document.member(name, of: self.node)
    }
}
