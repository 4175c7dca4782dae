// SPDX-License-Identifier: Apache-2.0

/// One part of the library, and what must hold for every input.
public protocol FuzzTarget: Sendable {
    /// Inputs that are worth changing.
    var seeds: [[UInt8]] { get }

    /// Pieces of text that are worth inserting.
    var vocabulary: [String] { get }

    /// Runs one input. Returns a number that stands for how the code under test behaved: inputs with a new one are worth
    /// changing further.
    func run(_ input: [UInt8]) throws(Violation) -> Int
}

/// Something did not hold.
public struct Violation: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

func require(_ condition: Bool, _ what: @autoclosure () -> String) throws(Violation) {
    guard condition else { throw Violation(what()) }
}

/// The targets by their names.
public enum FuzzTargets {
    public static let names = ["json", "sse", "stream", "calls", "leaks", "request"]

    /// - Parameter measuresTime: whether an input that takes too long is a violation, too. It says something in a release
    ///   build of a process that does nothing else.
    public static func named(_ name: String, measuresTime: Bool = true) -> (any FuzzTarget)? {
        switch name {
        case "json": JSONTarget()
        case "sse": EventsTarget()
        case "stream": StreamTarget()
        case "calls": ToolCallTarget(measuresTime: measuresTime)
        case "leaks": LeakedCallTarget(measuresTime: measuresTime)
        case "request": RequestTarget()
        default: nil
        }
    }
}
