// SPDX-License-Identifier: Apache-2.0

/// Reads the parameters of a call and names the one that is wrong.
enum CallParameters {
    /// - Returns: nil when the call came without any parameters.
    static func decode<Parameters: Codable & Sendable>(
        from frame: [UInt8], known: Set<String>,
    ) throws(ControlError) -> Parameters? {
        do {
            // Names first: Codable passes over members that it does not know.
            let names = try VarlinkFrame.decode(VarlinkCall<ParameterNames>.self, from: frame).parameters?.names ?? []
            if let unknown = names.first(where: { !known.contains($0) }) {
                throw ControlError.invalidParameter(unknown)
            }
            return try VarlinkFrame.decode(VarlinkCall<Parameters>.self, from: frame).parameters
        } catch let error as DecodingError {
            throw .invalidParameter(Self.parameter(blamedBy: error))
        } catch let error as ControlError {
            throw error
        } catch {
            preconditionFailure("Decoding throws nothing else: \(error)")
        }
    }

    private static func parameter(blamedBy error: DecodingError) -> String {
        var path: [any CodingKey]
        switch error {
        case .keyNotFound(let key, let context): path = context.codingPath + [key]
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            path = context.codingPath
        @unknown default: path = []
        }
        // The path starts at the call; the caller knows its parameters by their own names.
        let names = path.drop { $0.stringValue == "parameters" }.map(\.stringValue)
        return names.isEmpty ? "parameters" : names.joined(separator: ".")
    }
}
